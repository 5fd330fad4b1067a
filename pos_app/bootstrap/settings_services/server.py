"""Where the payments are: on this computer alone, or on the shop's server. Tried before it is kept, and kept whole."""

import re
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from pos_app.bootstrap.kept_file import kept_file
from pos_app.bootstrap.moving import move_shop, shop_file
from pos_app.bootstrap.settings_services.folder import SettingsFolder
from pos_app.bootstrap.settings_services.owner import OwnerAccess
from pos_app.bootstrap.settings_services.tries import count_in
from pos_app.bootstrap.shop_database import keep_password
from pos_app.bootstrap.till_identity import claim_of
from pos_app.check_result import Check, Finding, Status, Verdict, green
from pos_app.diagnostics.run import run_checks
from pos_app.domain.audit import CHANGED
from pos_app.domain.cancelling import Cancel
from pos_app.domain.operators import Act
from pos_app.domain.payment import OPEN_STATES
from pos_app.domain.shop_move import MoveProgress, ShopMoved
from pos_app.domain.till_claim import free_letter
from pos_app.errors import BadInput, CannotRead, CannotSave, PosError, SettingsError, StoreError, refuse_overruled
from pos_app.messages import server as words
from pos_app.messages.till_letters import LetterStanding, letters_words, standing, taken_words
from pos_app.sales.passphrase import confirm_against
from pos_app.sales.ports import Passphrases
from pos_app.settings import settings as config
from pos_app.settings.settings import Settings
from pos_app.store import server_address as addresses
from pos_app.store.database import open_database
from pos_app.store.integrity import SHOP
from pos_app.store.moving.mark import mark_in
from pos_app.store.server_address import DRIVER, PORT, place_of, server_address, with_password, without_password
from pos_app.store.server_trial import ServerFound, look_at_server
from pos_app.ui.settings.server_service import ServerAnswers, ServerChoice, ServerReport
from pos_app.vault.database_password import NAME as PASSWORD
from pos_app.vault.database_password import find_password, password_name

LETTER = "[A-Z][A-Z0-9]?"
_LIMIT = 15.0  # seconds that a test may take, with a name that is looked up
_PORTS = range(1, 65_536)
_NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}"
_HOST = "[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?|::1"


class _Own(NamedTuple):
    """What this computer's own file has: how many payments, how many of them are open, and whose they are."""

    payments: int = 0
    still_open: int = 0
    shop: str | None = None


class ServerSettings:
    """Fits `ui.settings.service.ServerService`. No till is open meanwhile on this data folder.

    Args:
        limit: seconds that a test may take.
    """

    def __init__(
        self, folder: SettingsFolder, owner: OwnerAccess, passphrases: Passphrases, limit: float = _LIMIT
    ) -> None:
        self._folder = folder
        self._owner = owner
        self._passphrases = passphrases
        self._limit = limit

    def answers(self) -> ServerAnswers:
        """What is set now; nobody is asked but this computer."""
        settings = self._folder.settings()
        address = _address(settings)
        if address is None:
            return ServerAnswers(till=settings.till, own=self._own(settings).payments)
        return ServerAnswers(
            on_server=True,
            host=address.host or "",
            port=str(address.port or PORT),
            name=address.database or "",
            user=address.username or "",
            till=settings.till,
            password_kept=self._has_password(settings, address),
            may_leave=bool(settings.missing()),
        )

    def test(self, choice: ServerChoice) -> ServerReport:
        """Connect, look and go; nothing is kept.

        Raises:
            BadInput: what was typed names no server, or no letter.
        """
        _check(choice)
        return self._try(self._folder.settings(), choice)[0]

    def keep(self, choice: ServerChoice | None) -> ServerReport:
        """Keep address, password and letter, all or none, where a last try finds nothing in the way.

        Raises:
            PosError: it cannot be so; what was kept before stays.
        """
        if choice is None:
            self._keep_alone()
            return ServerReport(kept=True)
        _check(choice)
        settings = self._folder.settings()
        changes = {"database_url": self._url(settings, choice), "till": choice.till}
        refuse_overruled(changes | ({PASSWORD: choice.password} if choice.password else {}), self._folder.environ)
        report, found = self._try(settings, choice)
        if found is None or report.moves or any(finding.status is Status.RED for finding in report.findings):
            return report
        by_present = self._owner_asked()
        if not by_present and (asks := self._let_pass(settings, choice, found)):
            return replace(report, findings=[*report.findings, asks], asks_owner=True)
        self._put(settings, choice, changes, by_present=by_present)
        return replace(report, kept=True)

    def move(self, choice: ServerChoice, tell: Callable[[MoveProgress], None], cancel: Cancel) -> ShopMoved:
        """Move the shop of this computer's own file there, whole; see `move_shop`. Whatever else wants the data folder
        waits meanwhile, so that the window is not closed over it.

        Raises:
            PosError: in words, which say whether anything was moved.
        """
        _check(choice)
        with self._folder.door:
            settings = self._folder.settings()
            mark = mark_in(shop_file(settings))
            if mark is None or mark.sure:  # one that was cut off was the owner's wish already
                self._owner.require()
            address = sa.make_url(self._url(settings, choice))
            password = choice.password or self._kept_password(settings, address)
            server = sa.make_url(with_password(str(address), lambda _: password))
            vault = self._folder.vaults.of(settings)
            return move_shop(settings, server, vault, owner=self._owner.passed, tell=tell, cancel=cancel)

    def _keep_alone(self) -> None:
        settings = self._folder.settings()
        if settings.database_url is None:
            return
        if not settings.missing():
            raise BadInput(
                "The shop's payments are on its server, and this computer's own file does not have them. "
                f"{words.UNCHANGED} Choose the server, or let whoever keeps it help."
            )
        refuse_overruled({"database_url": ""}, self._folder.environ)
        config.save(self._folder.data_dir, {"database_url": ""})

    def _try(self, settings: Settings, choice: ServerChoice) -> tuple[ServerReport, ServerFound | None]:
        found: list[ServerFound] = []

        def look() -> Verdict:
            found.append(self._look(settings, choice))
            return green(words.answers_words(found[0].encrypted, found[0].most_connections))

        [answer] = run_checks([Check("Server", look)], limit=self._limit)
        if not found or answer.status is Status.RED:
            return ServerReport(findings=(answer,), letter=choice.till), None
        own = self._own(settings)
        letter, vacant, free = self._letter(settings, choice, found[0], own)
        shop = self._shop(settings, found[0], own, stays=choice.leaves)
        apart = own.payments if found[0].shop not in (None, own.shop) else 0
        report = ServerReport(
            findings=(answer, *shop, letter),
            letter=free,
            vacant=vacant,
            moves=own.payments if found[0].shop is None else 0,
            stays=apart,
        )
        return report, found[0]

    def _look(self, settings: Settings, choice: ServerChoice) -> ServerFound:
        address = sa.make_url(self._url(settings, choice))
        password = choice.password or self._kept_password(settings, address)
        url = with_password(str(address), lambda _: password)
        found = look_at_server(url)
        if found.environment not in (None, settings.environment):
            raise StoreError(
                f"That database holds {found.environment} payments, and this till is for {settings.environment}. "
                "Each needs a database of its own. Nothing was kept."
            )
        return found

    def _shop(self, settings: Settings, found: ServerFound, own: _Own, *, stays: bool) -> list[Finding]:
        """What becomes of the shop that is there, and of the payments that are here."""
        lines = [Finding("Shop", *words.shop_verdict(found.shop is not None, found.payments, older=found.is_older))]
        if not own.payments or found.shop == own.shop:
            return lines
        if kept_file(settings).read() or (own.still_open and found.shop is not None):
            return [*lines, Finding("Payments here", Status.RED, words.NOT_NOW)]
        if found.shop is None:
            return [*lines, Finding("Payments here", Status.AMBER, words.move_words(own.payments))]
        status = Status.AMBER if stays else Status.RED
        return [*lines, Finding("Payments here", status, words.stay_words(own.payments, stays=stays))]

    def _letter(
        self, settings: Settings, choice: ServerChoice, found: ServerFound, own: _Own
    ) -> tuple[Finding, bool, str]:
        """Whether this computer can have the letter that was typed; whether as another's successor; one it can have."""
        holder = claim_of(settings).holder
        claims, now = found.claims, found.now
        how = standing(claims, choice.till, holder, now)
        known = _address(settings) is not None or found.shop == own.shop
        if how is LetterStanding.UNCLAIMED and known and choice.till == settings.till:
            how = LetterStanding.MINE  # its own payments, from before letters were claimed or before they came here
        said = letters_words(claims, holder, now)
        if how in (LetterStanding.FREE, LetterStanding.MINE):
            return Finding("Letter", Status.GREEN, words.letter_words(choice.till, said)), False, choice.till
        vacant = how in (LetterStanding.CLOSED, LetterStanding.UNCLAIMED)
        free = free_letter(claims)
        if vacant and choice.takes_place:
            return Finding("Letter", Status.AMBER, words.takes_words(choice.till, said)), True, choice.till
        taken = taken_words(choice.till, how, claims[choice.till].computer, free)
        return Finding("Letter", Status.RED, f"{taken} {said}"), vacant, free

    def _owner_asked(self) -> bool:
        """Whether the owner has passed in the database that is set; False where it cannot be asked.

        Raises:
            BadInput: the owner has not passed.
        """
        try:
            self._owner.require()
        except (StoreError, CannotRead, CannotSave):
            return False
        return True

    def _let_pass(self, settings: Settings, choice: ServerChoice, found: ServerFound) -> Finding | None:
        """The present server cannot be asked: only the same shop's database takes its place, by its owner's passphrase.
        Where the set-up was never finished there is nothing to guard yet. Gives what is in the way.
        """
        if settings.missing():
            return None
        holder = claim_of(settings).holder
        is_ours = found.shop is not None and found.shop == self._own(settings).shop  # it has moved there
        if not is_ours and not any(claim.holder == holder for claim in found.claims.values()):
            raise BadInput(words.NOT_THIS_SHOP)
        if found.owner is None or self._owner.has_passed(found.owner):
            return None
        if not choice.owner:
            return Finding("Owner", Status.RED, words.ASKS_OWNER)
        tries = self._folder.data_dir / f"{settings.environment}.server.tries"
        confirm_against(found.owner, choice.owner, self._passphrases, self._folder.limiter, count_in(tries))
        return None

    def _put(self, settings: Settings, choice: ServerChoice, changes: Mapping[str, str], *, by_present: bool) -> None:
        """The password first, under its own place: whoever is interrupted has the old address and its password, or the
        new one and its own. What can be recorded where the shop was until now has its line before.
        """
        old, new = _address(settings), sa.make_url(changes["database_url"])
        vault = self._folder.vaults.of(settings)
        password = choice.password or self._kept_password(settings, new)
        begun = not settings.missing()
        if password and begun:
            vault.check()
        before = {"database_url": without_password(old) if old else "", "till": settings.till}
        changed: dict[str, tuple[str | None, str]] = {
            name: (_told(before[name]), _told(value)) for name, value in changes.items() if before[name] != value
        }
        if choice.password:
            changed[PASSWORD] = (None, CHANGED)
        if by_present:
            self._owner.record(Act.KEYS, changed)
        if password and PASSWORD.upper() not in self._folder.environ:
            keep_password(vault, place_of(new), password, begun=begun)
        config.save(self._folder.data_dir, changes)
        if not by_present:
            with suppress(PosError):  # it counts already, and was confirmed; the next change is recorded there again
                self._owner.record(Act.KEYS, changed)
        if old is not None and place_of(old) != place_of(new):
            with suppress(PosError):  # what it still opens is no till's any more
                vault.delete([password_name(place_of(old))])

    def _url(self, settings: Settings, choice: ServerChoice) -> str:
        """Of the same place as before, with all that somebody has written behind it by hand; never with a password."""
        new = server_address(choice.host, choice.port, choice.name, choice.user)
        old = _address(settings)
        return without_password(old) if old is not None and place_of(old) == place_of(sa.make_url(new)) else new

    def _kept_password(self, settings: Settings, address: sa.URL) -> str:
        """The one of this place: what opens one server is never shown to another."""
        old = _address(settings)
        if old is not None and old.password is not None and place_of(old) == place_of(address):
            return str(old.password)
        try:
            return find_password(self._folder.vaults.of(settings), place_of(address))
        except SettingsError:  # where nothing can be kept, nothing is kept
            return ""

    def _has_password(self, settings: Settings, address: sa.URL) -> bool:
        with suppress(PosError):
            return bool(self._kept_password(settings, address))
        return False

    def _own(self, settings: Settings) -> _Own:
        """What is in this computer's own file, where no server is set."""
        file = settings.database
        if not (isinstance(file, Path) and file.is_file()):
            return _Own()
        with closing(open_database(file, settings.environment, left_too=True)) as database:
            counts = database.reader.count_by_state()
            still_open = sum(number for state, number in counts.items() if state in OPEN_STATES)
            return _Own(sum(counts.values()), still_open, database.reader.setting(SHOP))


def _check(choice: ServerChoice) -> None:
    """Raises BadInput where it names no server, or no letter."""
    if not re.fullmatch(_HOST, choice.host) or choice.port not in _PORTS:
        raise BadInput(words.NO_HOST)
    if not (re.fullmatch(_NAME, choice.name) and re.fullmatch(_NAME, choice.user)):
        raise BadInput(words.NO_NAME)
    if not re.fullmatch(LETTER, choice.till):
        raise BadInput(words.NO_LETTER)


def _address(settings: Settings) -> sa.URL | None:
    """Of the server that is set, if any is."""
    if settings.database_url is None:
        return None
    try:
        return addresses.read_address(settings.database_url)
    except (ArgumentError, ValueError):
        return sa.URL.create(DRIVER)  # it cannot be meant: all of it is typed anew


def _told(value: str) -> str:
    """A setting as the audit keeps it for ever: an address without its secrets."""
    return addresses.without_secrets(sa.make_url(value)) if "://" in value else value
