"""What a tile says of its post."""

from pos_app.ui.charge.post_tile import PostTile
from tests.ui.counter import Counter
from tests.ui.layout import texts_of


def test_a_tile_says_how_many_of_it_lie_in_the_basket(counter: Counter) -> None:
    counter.choose("4")
    counter.choose("4")
    tea, day = (counter.part(PostTile, name) for name in ("post3", "post1"))
    assert "2 in basket" in tea.accessibleName()
    assert "2 in basket" in [text.words for text in texts_of(tea)]
    assert "basket" not in day.accessibleName()
    counter.next_customer()
    assert "basket" not in tea.accessibleName()
    assert "no access" in [text.words for text in texts_of(tea)]
