"""Hours, days and weeks: which copies stay, and which go first."""

from datetime import datetime, timedelta
from pathlib import Path

from pos_app.domain.kenya_time import shop_time
from pos_app.store.backups.copies import Copies, Copy
from pos_app.store.backups.schedule import DAILY, FEWEST, HOURLY, WEEKLY, by_worth, give_way, tidy
from tests.support.fakes import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)  # START is a Monday, 14:00 in the shop


def copies_at(*moments: datetime) -> list[Copy]:
    return [Copy(moment, Path(f"{number}.db")) for number, moment in enumerate(moments)]


def working_days(number: int) -> list[datetime]:
    """Eight hourly copies each day, from 14:00 to 21:00."""
    return [START + day * DAY + hour * HOUR for day in range(number) for hour in range(8)]


def times(copies: list[Copy]) -> list[str]:
    return [shop_time(copy.made_at) for copy in copies]


def test_hourly_ones_then_the_last_of_each_day_and_of_each_week() -> None:
    made = copies_at(*working_days(40))  # the last one on Friday, 1 January
    kept = sorted(by_worth(made, made[::-1]))
    assert len(kept) == HOURLY + (DAILY - 2) + (WEEKLY - 2)  # what is a week's last may be a day's last, too
    assert times(kept)[:7] == [
        "13 Dec 2026 21:00",
        "20 Dec 2026 21:00",
        "26 Dec 2026 21:00",
        "27 Dec 2026 21:00",
        "28 Dec 2026 21:00",
        "29 Dec 2026 21:00",
        "30 Dec 2026 21:00",
    ]
    assert kept[-HOURLY:] == made[-HOURLY:]


def test_thinned_out_each_time_what_stays_is_the_same_as_of_all(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    (tmp_path / "backups").mkdir()
    moments = working_days(40)[3::5]
    for moment in moments:
        copies.at(moment).touch()
        tidy(copies, copies.at(moment))
    everything = copies_at(*moments)
    assert times(copies.all()) == times(sorted(by_worth(everything, everything[::-1])))


def test_where_there_is_little_room_they_still_reach_back() -> None:
    made = copies_at(*working_days(40))
    assert times(by_worth(made, made[::-1])[:6]) == [
        "1 Jan 2027 21:00",
        "31 Dec 2026 21:00",
        "27 Dec 2026 21:00",
        "1 Jan 2027 20:00",
        "1 Jan 2027 19:00",
        "30 Dec 2026 21:00",
    ]


def test_days_and_weeks_are_the_shops() -> None:
    midnight = datetime.fromisoformat("2026-11-22T21:00:00Z")  # Monday begins in Nairobi
    made = copies_at(midnight - timedelta(seconds=1), *(midnight + number * HOUR for number in range(HOURLY)))
    assert made[0] in by_worth(made, [])


def test_space_is_made_by_what_is_worth_least_and_no_further(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    (tmp_path / "backups").mkdir()
    for moment in working_days(20)[3::5]:
        copies.at(moment).touch()
    tidy(copies)
    before = copies.all()
    worth = by_worth(before, copies.best_first())
    assert give_way(copies, lambda: len(copies.all()) <= 5)
    assert copies.all() == sorted(worth[:5])
    assert not give_way(copies, lambda: False)
    assert copies.all() == sorted(worth[:FEWEST])


def test_where_there_is_enough_nothing_goes(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    (tmp_path / "backups").mkdir()
    for moment in working_days(3):
        copies.at(moment).touch()
    assert give_way(copies, lambda: True)
    assert len(copies.all()) == 24
