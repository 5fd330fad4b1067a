"""The sender's address is a hint in words, whatever a stranger writes."""

import pytest

from pos_app.callbacks.senders import OTHER, PUBLISHED, SAFARICOM, sender_hint


def test_safaricom_publishes_twelve_addresses() -> None:
    assert len(SAFARICOM) == 12


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        (None, None),
        ("", None),
        ("196.201.214.200", PUBLISHED),
        ("10.0.0.1, 196.201.212.69", PUBLISHED),
        ("196.201.214.200, 203.0.113.9", OTHER),  # the stranger wrote the first, the proxy the last
        ("196.201.214.201", OTHER),
        ("<script>", OTHER),
    ],
)
def test_only_what_the_nearest_proxy_wrote_counts(header: str | None, hint: str | None) -> None:
    assert sender_hint(header) == hint
