"""One till's letter, where several tills share a database: claimed when it opens, kept by a word every few seconds."""

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future
from functools import partial

from pos_app.domain.till_claim import (
    SETTING,
    TillClaim,
    beat,
    claims_text,
    free_letter,
    read_claims,
    taken_by,
    with_unclaimed,
)
from pos_app.errors import Occupied, PosError
from pos_app.sales.ports import Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

BEAT = 5.0  # seconds between two words; a save that hangs is noticed by them, too, where nobody charges
LAST_WORD = 3.0  # seconds that closing waits for the last one
_ANOTHER = "Give this till another letter (Settings, Several tills, or POS_TILL)."
_log = logging.getLogger(__name__)


class TillLease:
    """Claims the letter, and says again and again that this till is there. By the database's clock.

    Attributes:
        lost: that another till has it, and what to do, in words for a person; empty while none is known to. Whoever has
            lost it has it again with the next start.

    Args:
        till: the letter in payment numbers.
        mine: who claims it.
    """

    def __init__(self, till: str, mine: TillClaim, reader: Reader, writer: GroupWriter) -> None:
        self._till = till
        self._mine = mine
        self._reader = reader
        self._writer = writer
        self.lost = ""
        self._on_lost: Callable[[str], object] = lambda _: None
        self._asks: tuple[str, ...] = ()
        self._on_asks: Callable[[Collection[str]], None] = lambda _: None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="till-lease", daemon=True)

    def claim(self) -> None:
        """Take the letter, before anything of this till's is looked at. Its own is had again at once.

        Raises:
            Occupied: another computer has it, and was heard of just now.
            CannotSave: the database takes nothing.
        """
        self._writer.run(partial(self._claim, self._reader.tills()))

    def start(self, on_asks: Callable[[Collection[str]], None]) -> None:
        """Keep it from now on.

        Args:
            on_asks: told which tills are gone whose payments this one asks about, as soon as these are others.
        """
        self._on_asks = on_asks
        self._thread.start()

    def stop(self) -> None:
        """Give it back: another may have it at once, and asks about what is open."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(LAST_WORD)
        try:
            self._writer.submit(self._release).result(LAST_WORD)
        except (PosError, TimeoutError):
            _log.warning("the till's letter could not be given back; it is free in half a minute")

    def watch(self, on_lost: Callable[[str], object]) -> None:
        """Have somebody told in words, once, when another till has taken the letter; on any thread, must be quick."""
        self._on_lost = on_lost
        if self.lost:
            on_lost(self.lost)

    def is_mine(self, transaction: Transaction) -> bool:
        """Whether it is this till's still, as the database says."""
        try:
            self.must_be_mine(transaction)
        except Occupied:
            return False
        return True

    def must_be_mine(self, transaction: Transaction) -> None:
        """Whether nobody has taken the letter meanwhile, from a till that was not heard of for long.

        Raises:
            Occupied: somebody has.
        """
        try:
            self._compare(transaction)
        except Occupied as error:
            self._lose(error.user_text)
            raise

    def _compare(self, transaction: Transaction) -> None:
        claim = read_claims(transaction.setting(SETTING)).get(self._till)
        if not claim or not claim.holder or claim.is_of(self._mine):
            return
        if claim.holder == self._mine.holder:
            raise Occupied(
                f"Till {self._till} was opened a second time, on a computer with a copy of this one's disk. Nothing "
                f"was sent. {_ANOTHER}"
            )
        raise Occupied(
            f"This till was not heard of for a while, and the computer {claim.computer} has become till "
            f"{self._till}. Nothing was sent. {_ANOTHER}"
        )

    def step(self) -> None:
        """Say once that this till is there. What cannot be saved is tried again with the next word."""
        self._writer.submit(self._beat).add_done_callback(self._said)

    def _run(self) -> None:
        while not self._stopping.wait(BEAT):
            self.step()

    def _claim(self, letters: Collection[str], transaction: Transaction) -> None:
        claims = with_unclaimed(read_claims(transaction.setting(SETTING)), letters, self._mine.account)
        now = transaction.database_time()
        other = taken_by(claims, self._till, self._mine.holder, now)
        if other:
            free = free_letter(claims)
            raise Occupied(
                f"Till {self._till} is open on the computer {other.computer}. Nothing was sent. Two tills with one "
                "letter would mix up their payments: give this one another (Settings, Several tills, or POS_TILL; "
                f"{free} is free). If it is that till, moved or copied to here, close it there; if it has ended by "
                "itself, wait half a minute."
            )
        transaction.set_setting(SETTING, claims_text(beat(claims, self._till, self._mine, now)))

    def _beat(self, transaction: Transaction) -> tuple[str, ...]:
        self.must_be_mine(transaction)
        claims = read_claims(transaction.setting(SETTING))
        after = beat(claims, self._till, self._mine, transaction.database_time())
        transaction.set_setting(SETTING, claims_text(after))
        return after[self._till].asks

    def _release(self, transaction: Transaction) -> None:
        claims = read_claims(transaction.setting(SETTING))
        if self._till in claims and claims[self._till].is_of(self._mine):
            transaction.set_setting(SETTING, claims_text(claims | {self._till: self._mine}))

    def _said(self, saying: "Future[tuple[str, ...]]") -> None:
        if saying.exception():
            return
        asks = saying.result()
        if asks != self._asks:
            self._asks = asks
            _log.info("this till asks about the payments of tills that are gone: %s", ", ".join(asks) or "of none")
            self._on_asks(asks)

    def _lose(self, words: str) -> None:
        if not self.lost:
            self.lost = words
            _log.warning("another till has the letter %s by now; nothing is sold here any more", self._till)
            self._on_lost(words)
