from pos_app.sales.held_jobs import MOST, HeldJobs


def of_a(number: int) -> str:
    """Everything below a thousand is about one address."""
    return "" if number >= 1_000 else "a"


def test_of_one_address_there_are_enough_at_some_time_and_of_none_there_is_no_limit() -> None:
    held = HeldJobs(of_a)
    for number in range(MOST):
        assert not held.full(number)
        held.add(number)
        held.add(1_000 + number)
    assert held.full(99)
    assert not held.full(2_000)
    held.discard(3)
    held.discard(3)
    assert not held.full(99)
    assert (3 in held, 4 in held, len(held.all())) == (False, True, 2 * MOST - 1)


def test_the_first_of_each_are_kept_in_their_order() -> None:
    things = [number for pair in zip(range(30), range(1_000, 1_030), strict=True) for number in pair]
    assert HeldJobs(of_a).first_of_each(things) == [number for number in things if number < MOST or number >= 1_000]
