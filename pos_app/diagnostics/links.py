"""The links between the lines of journal and audit: whether this computer makes them (rule 24)."""

from contextlib import closing

from pos_app.bootstrap.shop_database import shop_database
from pos_app.check_result import Verdict, amber, green
from pos_app.domain.erasure import KEY_SETTING
from pos_app.errors import PosError
from pos_app.sales.erasure_key import fitting_key, known_key
from pos_app.settings.settings import Settings
from pos_app.store.database import open_database
from pos_app.vault.erasure_key import VaultErasureKeys
from pos_app.vault.vault import Vault

_UNLINKED = "Payments are saved as ever, but what is written here is not linked, and `verify` says no"
_BRING = (
    "Bring it: `owner erasure-key` shows it to the owner at a till that has it, `owner erasure-key --take` keeps it "
    "here. Then open the till again."
)
_MISSING = f"{_UNLINKED}: the shop's key is not on this computer. {_BRING}"
_ANOTHER = f"{_UNLINKED}: the key on this computer is not this shop's. {_BRING}"
_NOT_KEPT = (
    f"{_UNLINKED}: the shop's key could not be made yet, as this computer had nowhere to keep it. Let secrets be kept "
    "in its keyring or in a locked file (settings, F10). Then open the till again."
)


def links(settings: Settings, vault: Vault) -> Verdict:
    """Whether what a till writes here is bound to the line before; no line is looked at, which `verify` does."""
    with closing(open_database(shop_database(settings, vault), settings.environment)) as opened:
        reader = opened.reader
        begun, known, heads = reader.setting(KEY_SETTING), known_key(reader), reader.heads()
    if known is None:
        return (
            amber(_NOT_KEPT) if begun is not None else green("Nothing is linked yet: the till begins when it is opened")
        )
    try:
        key = fitting_key(VaultErasureKeys(settings, vault), known)
    except PosError as error:
        return amber(f"Whether what is written here is linked cannot be told: {error.user_text}")
    if key is None:
        return amber(_MISSING)
    if key.fingerprint != known:
        return amber(_ANOTHER)
    lines, tills = sum(head.seq for head in heads), len(heads)
    many = f"{lines:,} {'line' if lines == 1 else 'lines'} of {tills} {'till' if tills == 1 else 'tills'}"
    return green(f"What is written here is linked; {many} until now. Whether they are whole, `verify` says")
