"""What was done to a post, in words."""

from pos_app.domain.catalogue import PostChange
from pos_app.ui.posts.history import history
from tests.support.fakes import START


def change(field: str, old: str | None, new: str, source: str = "window", **who: object) -> PostChange:
    return PostChange(at=START, post_id=1, field=field, old=old, new=new, source=source, **who)  # type: ignore[arg-type]


def test_prices_come_first_and_each_change_says_from_to_when_and_who() -> None:
    at = "    23 Nov 2026 14:00"
    prices, rest = history(
        [
            change("days", "7", "", "command"),
            change("price", "250", "1", operator="Jane", owner=True),
            change("active", "1", "0", owner=True),
            change("favourite", "", "3", operator="Jane"),
            change("highest", "", "500"),
            change("category", "Drinks", ""),
            change("title", None, "Week pass"),
        ]
    )
    assert prices.splitlines() == [
        "Price KES 250 \u2192 KES 1",
        f"{at}, by Jane, as the owner",
        "Highest price none \u2192 KES 500",
        at,
    ]
    assert rest.splitlines() == [
        "Access 7 days \u2192 for ever",
        f"{at}, by command",
        "Sold yes \u2192 no",
        f"{at}, by the owner",
        "Key none \u2192 3",
        f"{at}, by Jane",
        "Category Drinks \u2192 none",
        at,
        "Name Week pass",
        at,
    ]
    assert history([]) == ("", "")
    assert history([change("price", None, "30")]) == (f"Price KES 30\n{at}", "")
