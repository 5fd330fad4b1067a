"""Many posts in one go, on both kinds of database."""

from pos_app.domain.catalogue import Post
from pos_app.domain.operators import Actor, Role
from pos_app.domain.post_csv import read_lines
from pos_app.domain.post_import import PostBatch, plan_import
from tests.store.conftest import Shop
from tests.support.fakes import START


def write(shop: Shop, text: str, owner: bool = True) -> list[int]:
    plan = plan_import(read_lines(text), shop.reader.posts(), shop.reader.categories())
    with shop.database.write() as transaction:
        for name in plan.categories:
            transaction.add_category(name)
        return list(transaction.import_posts(PostBatch.of(plan), START, "command", Actor(owner=owner)))


def test_new_ones_have_the_next_ids_in_the_order_of_the_file(shop: Shop) -> None:
    first = shop.post("Tea", 30)
    rows = "".join(
        f"Post {number},{number + 1},{number % 7},,{10**12 + number},C{number % 3}\n" for number in range(300)
    )
    ids = write(shop, f"title,price,days,favourite,barcode,category\n{rows}")
    assert ids == list(range(first.id + 1, first.id + 301))
    posts = shop.reader.posts()[1:]
    assert [post.title for post in posts] == [f"Post {number}" for number in range(300)]
    assert posts[8] == Post(
        id=ids[8], title="Post 8", price=9, days=1, barcode=str(10**12 + 8), category="C2", active=True
    )
    [line] = shop.reader.post_changes(ids[8], 9)
    assert (line.at, line.field, line.old, line.new, line.source, line.owner) == (
        START, "price", None, "9", "command", True
    )  # fmt: skip
    assert shop.post("Soap", 5).id == ids[-1] + 1


def test_changed_ones_get_what_is_new_and_keep_the_rest(shop: Shop) -> None:
    tea = shop.post("Tea", 30, favourite=1, barcode="111", days=7)
    soap = shop.post("Soap", 50, favourite=2, barcode="222")
    key = shop.post("Key", 90)
    text = "post_id,title,price,favourite,barcode,active,highest,days,category\n"
    text += f"{tea.id},Tea,30,2,222,yes,,7,Hot\n{soap.id},Soap,55,1,111,no,80,,\n{key.id},Key,95,,,yes,,0,\n"
    assert write(shop, text, owner=False) == []
    assert shop.reader.posts() == [
        Post(id=tea.id, title="Tea", price=30, favourite=2, barcode="222", days=7, category="Hot"),
        Post(id=soap.id, title="Soap", price=55, favourite=1, barcode="111", active=False, highest=80),
        Post(id=key.id, title="Key", price=95, days=0),
    ]
    lines = shop.reader.post_changes(key.id, 9)
    assert [(line.field, line.old, line.new, line.owner) for line in lines] == [
        ("days", "", "0", False),
        ("price", "90", "95", False),
    ]


def test_who_did_it_is_told_by_name(shop: Shop) -> None:
    post = shop.post("Tea", 30)
    with shop.database.write() as transaction:
        jane = transaction.add_operator("Jane", Role.SUPERVISOR, "hash")
        plan = plan_import(read_lines(f"post_id,title,price\n{post.id},Tea,35\n"), shop.reader.posts())
        transaction.import_posts(PostBatch.of(plan), START, "window", Actor(operator=jane))
    [line] = shop.reader.post_changes(post.id, 9)
    assert (line.operator_id, line.operator) == (jane.id, "Jane")
