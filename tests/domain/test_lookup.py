"""Looking payments up."""

from pos_app.domain.lookup import Search, Totals


def test_an_empty_search_asks_for_the_newest_of_everything() -> None:
    search = Search()
    assert (search.text, search.states, search.limit) == ("", frozenset(), 100)
    assert (search.since, search.until, search.before_id) == (None, None, None)


def test_totals_tell_people_from_money() -> None:
    totals = Totals(payments=3, paid=1, paid_amount=250, unsure=1, review=1)
    assert (totals.payments, totals.paid, totals.paid_amount, totals.unsure, totals.review) == (3, 1, 250, 1, 1)
