"""The order in which takings are shown."""

from datetime import date

from pos_app.domain.takings import By, Key, Taking, in_order


def keys(by: By, *groups: tuple[Key, int]) -> list[Key]:
    return [group.key for group in in_order(by, [Taking(key=key, received=net) for key, net in groups])]


def test_days_and_hours_follow_each_other() -> None:
    days = [date(2026, 11, 9), date(2026, 11, 10), date(2027, 1, 1)]
    assert keys(By.DAY, (days[2], 1), (days[1], 3), (days[0], 2)) == days
    assert keys(By.HOUR, (14, 1), (9, 5), (0, 2), (23, 0)) == [0, 9, 14, 23]


def test_all_else_begins_with_the_most_and_ends_with_what_is_of_none() -> None:
    assert keys(By.POST, (None, 900), (1, 20), (2, 30), (3, 30)) == [2, 3, 1, None]
    assert keys(By.OPERATOR, (None, 900), (1, 20)) == [1, None]
    assert keys(By.TILL, ("A", 1), ("B", 2)) == ["B", "A"]


def test_net_is_what_was_paid_less_what_went_back() -> None:
    assert Taking(key=None, received=250, refunded=300).net == -50
