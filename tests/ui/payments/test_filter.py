"""What an operator's choices mean."""

from datetime import UTC, date, datetime

from pos_app.domain.payment import NOT_PAID_STATES
from pos_app.ui.payments.filter import TO_LOOK_AT, Days, days_of, nothing_found, search_for

TODAY = date(2026, 11, 23)


def test_today_begins_at_the_shops_midnight_and_has_no_end() -> None:
    search = search_for(" week ", Days.TODAY, "All states", TODAY)

    assert search.text == "week"
    assert search.since == datetime(2026, 11, 22, 21, tzinfo=UTC)
    assert search.until is None
    assert search.states == frozenset()


def test_yesterday_ends_when_today_begins() -> None:
    search = search_for("", Days.YESTERDAY, "Not paid", TODAY)

    assert search.since == datetime(2026, 11, 21, 21, tzinfo=UTC)
    assert search.until == datetime(2026, 11, 22, 21, tzinfo=UTC)
    assert search.states == NOT_PAID_STATES


def test_a_week_is_seven_days_with_today() -> None:
    assert days_of(Days.WEEK, TODAY)[0] == TODAY
    assert len(days_of(Days.WEEK, TODAY)) == 7
    assert search_for("", Days.WEEK, "All states", TODAY).since == datetime(2026, 11, 16, 21, tzinfo=UTC)


def test_all_days_have_no_limits() -> None:
    search = search_for("", Days.ALL, "All states", TODAY)

    assert (search.since, search.until) == (None, None)


def test_what_needs_a_look_is_found_whatever_its_state() -> None:
    search = search_for("", Days.ALL, TO_LOOK_AT, TODAY)
    assert (search.attention, search.states) == (True, frozenset())
    assert not search_for("", Days.ALL, "Needs checking", TODAY).attention
    assert nothing_found("", Days.TODAY, TO_LOOK_AT) == "Nothing today needs a look. Press Enter to look in all days."
    assert nothing_found("", Days.ALL, TO_LOOK_AT) == "Nothing needs a look."


def test_an_empty_list_names_the_next_key() -> None:
    assert nothing_found("UKN9", Days.TODAY, "All states") == (
        'Nothing matches "UKN9" today. Press Enter to look in all days.'
    )
    assert "Try the last 4 digits of the phone" in nothing_found("UKN9", Days.ALL, "All states")
    assert nothing_found("", Days.ALL, "All states").startswith("The first payment will show here. F2")
    assert nothing_found("", Days.TODAY, "All states").startswith("The first payment of today will show here.")
    assert nothing_found("", Days.WEEK, "All states").startswith("No payments in 7 days.")
    assert nothing_found("", Days.ALL, "Needs checking") == "No payment stands as needs checking."


def test_a_very_long_text_is_not_repeated_whole() -> None:
    said = nothing_found("\u202anjeri " * 20_000, Days.ALL, "All states")
    assert said.startswith('Nothing matches "njeri njeri njeri')
    assert len(said) < 200
