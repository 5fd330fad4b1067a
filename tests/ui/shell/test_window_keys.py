"""Where a scan goes that comes while another page than the charge is shown."""

from pos_app.ui.posts.editor import PostEditor
from pos_app.ui.preferences import SCAN_PREFIX
from pos_app.ui.shell.pages import POSTS
from pos_app.ui.widgets.list_table import ListTable
from tests.support.staff import hire
from tests.ui.counter import Counter

TEA = "4006381333931"


def on_the_posts(counter: Counter) -> ListTable:
    counter.window.go(POSTS)
    table = counter.part(ListTable, "postsTable")
    counter.qtbot.waitUntil(lambda: table.model().rowCount() == 3)
    return table


def test_on_the_page_of_posts_a_scan_chooses_the_post_there(counter: Counter) -> None:
    table = on_the_posts(counter)
    counter.scan(TEA)
    assert table.isVisible()
    assert table.hasFocus()
    assert table.model().index(table.currentIndex().row(), 1).data() == "Tea"
    assert not counter.part(PostEditor, "postEditor").editing, "its Enter opens nothing"
    assert counter.chosen() == ""


def test_a_slow_scanner_is_known_by_its_prefix_there_too(counter: Counter) -> None:
    counter.window.preferences.choose(SCAN_PREFIX, "#")
    table = on_the_posts(counter)
    table.setFocus()
    counter.write(f"#{TEA}")
    counter.enter()
    assert table.isVisible()
    assert table.model().index(table.currentIndex().row(), 1).data() == "Tea"


def test_behind_the_lock_a_scan_reaches_no_page(counter: Counter) -> None:
    table = on_the_posts(counter)
    before = table.currentIndex().row()
    hire(counter.harness.till)
    counter.window.lock.lock()
    counter.qtbot.waitUntil(lambda: counter.window.lock.locked)
    counter.scan(TEA)
    assert table.currentIndex().row() == before


def test_from_any_other_page_it_goes_to_the_charge(counter: Counter) -> None:
    counter.window.go("payments")
    counter.scan(TEA)
    assert counter.chosen() == "Tea"
