"""What was done to a post, in words."""

from pos_app.domain.catalogue import PostChange
from pos_app.ui.posts.history import history
from tests.support.fakes import START


def test_each_change_is_a_line() -> None:
    def change(field: str, old: str | None, new: str, source: str = "window") -> PostChange:
        return PostChange(at=START, post_id=1, field=field, old=old, new=new, source=source)

    lines = history(
        [
            change("price", "250", "1"),
            change("days", "7", "", "command"),
            change("active", "1", "0"),
            change("favourite", "", "3"),
            change("title", None, "Week pass"),
        ]
    )
    assert lines.splitlines() == [
        "23 Nov 2026 14:00  Price 250 \u2192 1",
        "23 Nov 2026 14:00  Access 7 days \u2192 for ever (command)",
        "23 Nov 2026 14:00  Sold yes \u2192 no",
        "23 Nov 2026 14:00  Key none \u2192 3",
        "23 Nov 2026 14:00  Name Week pass",
    ]
    assert history([]) == ""
