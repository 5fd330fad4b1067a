"""A desk that keeps everything in memory, and answers a try as a test scripts it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pos_app.check_result import Finding
from pos_app.errors import BadInput, PosError
from pos_app.sales.till import Till
from pos_app.ui.settings.service import FILE, KEYRING, MEMORY, Account, Answers, Store, Way

EMPTY = Answers(
    text_size="normal",
    colours="light",
    shop_name="",
    registered_name="",
    receipt_lines=(),
    paper_width="80",
    environment="production",
    shortcode="",
    till_number="",
    keep_in="keyring",
    callback="none",
    public_url="",
    listen_port="",
    ngrok_path="",
)


class MemoryDesk:
    """Fits `ui.setup.desk.Desk`.

    Attributes:
        refuse: where set, every keeping fails with it; and opening the till with `cannot_open`.
        found: what tries find.
        accounts, ways: what was kept, in order.
        did: what happened to the till.
    """

    def __init__(self, till: Till | None = None, answers: Answers = EMPTY) -> None:
        self.now = answers
        self.refuse: PosError | None = None
        self.cannot_open: PosError | None = None
        self.found: Sequence[Finding] = ()
        self.accounts: list[Account] = []
        self.ways: list[Way] = []
        self.tried: list[Account | Way] = []
        self.secrets: set[str] = set()
        self.passphrase: str | None = None
        self.places: Sequence[Store] = (
            Store(KEYRING, "Kept by this computer's keyring (Secret Service), for this user only."),
            Store(FILE, "Encrypted with a passphrase that the till asks for each time it opens."),
            Store(MEMORY, "Only until the till closes; then they must be pasted again."),
        )
        self.did: list[str] = []
        self._till = till

    def answers(self) -> Answers:
        return self.now

    def keep(self, changes: Mapping[str, str | Sequence[str]]) -> None:
        self._refuse()
        values = {name: value if isinstance(value, str) else tuple(value) for name, value in changes.items()}
        self.now = replace(self.now, **values)  # type: ignore[arg-type]

    def owner_has_chosen(self) -> bool:
        return self.passphrase is not None

    def choose_owner(self, passphrase: str, old: str = "") -> None:
        self._refuse()
        if self.passphrase is not None:
            self.confirm_owner(old)
        self.passphrase = passphrase

    def confirm_owner(self, passphrase: str) -> None:
        if passphrase != self.passphrase:
            raise BadInput("That is not the owner's passphrase. Nothing was changed.")

    def stores(self) -> Sequence[Store]:
        return self.places

    def kept(self, environment: str) -> frozenset[str]:
        return frozenset(name.split(":")[1] for name in self.secrets if name.startswith(f"{environment}:"))

    def keep_account(self, account: Account) -> None:
        self._refuse()
        self.accounts.append(account)
        for name in ("consumer_key", "consumer_secret", "passkey"):
            if getattr(account, name):
                self.secrets.add(f"{account.environment}:{name}")
        self.now = replace(
            self.now,
            environment=account.environment,
            shortcode=account.shortcode,
            till_number=account.till_number,
            keep_in=account.keep_in,
        )

    def try_account(self, account: Account) -> Sequence[Finding]:
        self.tried.append(account)
        return self.found

    def keep_way(self, way: Way) -> None:
        self._refuse()
        self.ways.append(way)
        self.now = replace(
            self.now,
            callback=way.callback,
            public_url=way.public_url,
            listen_port=way.listen_port,
            ngrok_path=way.ngrok_path,
        )

    def try_way(self, way: Way) -> Sequence[Finding]:
        self.tried.append(way)
        return self.found

    def open_till(self) -> Till:
        if self.cannot_open:
            raise self.cannot_open
        assert self._till is not None
        self.did.append("open")
        return self._till

    def close_till(self) -> None:
        self.did.append("close")

    def _refuse(self) -> None:
        if self.refuse:
            raise self.refuse
