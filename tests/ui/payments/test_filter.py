"""What an operator's choices mean."""

from datetime import UTC, date, datetime

from pos_app.domain.day_range import DayRange
from pos_app.domain.payment import NOT_PAID_STATES
from pos_app.ui.payments.filter import TO_LOOK_AT, Days, days_of, nothing_found, search_for

TODAY = date(2026, 11, 23)


def test_today_begins_at_the_shops_midnight_and_has_no_end() -> None:
    search = search_for(" week ", days_of(Days.TODAY, TODAY), "All states")

    assert search.text == "week"
    assert search.since == datetime(2026, 11, 22, 21, tzinfo=UTC)
    assert search.until is None
    assert search.states == frozenset()


def test_yesterday_ends_when_today_begins() -> None:
    search = search_for("", days_of(Days.YESTERDAY, TODAY), "Not paid")

    assert search.since == datetime(2026, 11, 21, 21, tzinfo=UTC)
    assert search.until == datetime(2026, 11, 22, 21, tzinfo=UTC)
    assert search.states == NOT_PAID_STATES


def test_a_week_is_seven_days_with_today() -> None:
    week = days_of(Days.WEEK, TODAY)
    assert week == DayRange(date(2026, 11, 17))
    assert search_for("", week, "All states").since == datetime(2026, 11, 16, 21, tzinfo=UTC)


def test_a_month_begins_with_its_first_day_and_has_no_end() -> None:
    assert days_of(Days.MONTH, TODAY) == DayRange(date(2026, 11, 1))


def test_all_days_have_no_limits() -> None:
    search = search_for("", days_of(Days.ALL, TODAY), "All states")

    assert (search.since, search.until) == (None, None)


def test_what_needs_a_look_is_found_whatever_its_state() -> None:
    search = search_for("", DayRange(), TO_LOOK_AT)
    assert (search.attention, search.states) == (True, frozenset())
    assert not search_for("", DayRange(), "Needs checking").attention
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
    assert (
        nothing_found("", Days.MONTH, "Paid")
        == "No payment this month stands as paid. Press Enter to look in all days."
    )
    assert nothing_found("", Days.CHOSEN, "All states").startswith("No payments in these days.")


def test_what_narrows_it_besides_is_named_and_enter_leaves_that_too() -> None:
    assert nothing_found("", Days.TODAY, "All states", ["Amina", "B"]) == (
        "No payments today, Amina, B. Press Enter to look everywhere."
    )
    assert nothing_found("tea", Days.ALL, "All states", ["Amina"]) == (
        'Nothing matches "tea", Amina. Press Enter to look everywhere.'
    )


def test_a_very_long_text_is_not_repeated_whole() -> None:
    said = nothing_found("\u202anjeri " * 20_000, Days.ALL, "All states")
    assert said.startswith('Nothing matches "njeri njeri njeri')
    assert len(said) < 200
