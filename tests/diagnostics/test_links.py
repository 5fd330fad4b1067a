"""Whether the checks say that what is written here is linked."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pos_app.bootstrap.till import open_till
from pos_app.check_result import Status
from pos_app.diagnostics.links import links
from pos_app.settings.choices import Secrets
from pos_app.settings.settings import Settings
from pos_app.vault.vault import MemoryStore, Vault

KEY, OTHER = "ab" * 32, "cd" * 32


def vault(key: str = "") -> Vault:
    """Of a computer that has this key, in hexadecimal."""
    shop = {
        "POS_CONSUMER_KEY": "practice-key",
        "POS_CONSUMER_SECRET": "practice-secret",
        "POS_PASSKEY": "practice-passkey",
    }
    return Vault(MemoryStore(), {**shop, "POS_ERASURE_KEY": key} if key else shop)


@pytest.fixture
def opened(sandbox: Settings) -> Callable[[str], Settings]:
    """The shop after its till was open once on a computer that has this key."""

    def open_once(key: str) -> Settings:
        shop = replace(sandbox, secrets=Secrets.MEMORY)
        till = open_till(shop, vault=vault(key))
        till.till.audit.reveal("A-20261123-0001")  # which has its line in the audit
        till.close()
        return shop

    return open_once


def test_a_shop_whose_till_was_never_opened_begins_then(sandbox: Settings) -> None:
    verdict = links(sandbox, vault())
    assert (verdict.status, "begins when it is opened" in verdict.words) == (Status.GREEN, True)


def test_a_till_that_links_says_how_much_until_now(opened: Callable[[str], Settings]) -> None:
    assert links(opened(KEY), vault(KEY)) == (
        Status.GREEN,
        "What is written here is linked; 1 line of 1 till until now. Whether they are whole, `verify` says",
    )


@pytest.mark.parametrize(("key", "why"), [("", "is not on this computer"), (OTHER, "is not this shop's")])
def test_a_missing_key_or_another_is_said_with_what_to_do(
    opened: Callable[[str], Settings], key: str, why: str
) -> None:
    verdict = links(opened(KEY), vault(key))
    assert verdict.status is Status.AMBER
    assert verdict.words.startswith("Payments are saved as ever, but what is written here is not linked")
    assert why in verdict.words
    assert "`owner erasure-key --take`" in verdict.words


def test_a_key_that_could_not_be_kept_is_said(opened: Callable[[str], Settings]) -> None:
    verdict = links(opened(""), vault())
    assert (verdict.status, "nowhere to keep it" in verdict.words) == (Status.AMBER, True)


def test_a_key_that_cannot_be_read_is_said(opened: Callable[[str], Settings]) -> None:
    verdict = links(opened(KEY), vault("hunter2"))
    assert (verdict.status, "cannot be told" in verdict.words) == (Status.AMBER, True)
