"""What a file of posts would do to a shop's."""

import json

import pytest

from pos_app.domain.catalogue import Post
from pos_app.domain.category import MAX_CATEGORIES, Category
from pos_app.domain.post_csv import read_lines, write_csv
from pos_app.domain.post_import import ImportPlan, PostBatch, StepKind, plan_import
from pos_app.errors import BadInput

TEA = Post(id=1, title="Tea", price=30, days=0, favourite=1)
SODA = Post(id=2, title="Soda", price=60, days=0, favourite=2, barcode="6161110000013")
SHOP = (TEA, SODA)
DRINKS = Category(id=5, name="Drinks", place=1)
NEW, CHANGED, SAME, BAD = StepKind


def look(text: str, *posts: Post, categories: tuple[Category, ...] = ()) -> ImportPlan:
    return plan_import(read_lines(text), posts or SHOP, categories)


def kinds(plan: ImportPlan) -> list[StepKind]:
    return [step.kind for step in plan.steps]


def test_a_line_means_the_post_of_its_id_then_of_its_barcode_else_a_new_one() -> None:
    plan = look("post_id,title,price,barcode\n1,Chai,35,\n,Fanta,60,06161110000013\n,Milk,50,\n")
    assert kinds(plan) == [CHANGED, CHANGED, NEW]
    assert [step.before.id if step.before else None for step in plan.steps] == [1, 2, None]
    assert plan.steps[0].changes == [("title", "Tea", "Chai"), ("price", "30", "35")]
    assert plan.steps[2].changes[:2] == [("title", None, "Milk"), ("price", None, "50")]


def test_what_was_written_changes_nothing() -> None:
    plan = look(write_csv(SHOP, "production"))
    assert kinds(plan) == [SAME, SAME]
    assert [step.changes for step in plan.steps] == [[], []]


def test_the_same_again_is_the_same_and_the_same_name_with_another_price_is_refused() -> None:
    text = "title,price,days,favourite\nTEA,30,0,1\n"
    assert kinds(look(text.replace("TEA", "Tea"))) == [SAME]
    plan = look("title,price,days,favourite\ntea,35,0,\n")
    assert kinds(plan) == [BAD]
    assert "there is a post Tea already, KES 30" in plan.steps[0].fault
    with pytest.raises(BadInput, match=r"^Line 2: there is a post Tea already"):
        plan.check()


def test_the_price_of_a_post_that_was_split_at_its_comma_is_refused() -> None:
    solar = Post(id=7, title="Solar", price=1_250, days=7)
    plan = look("post_id,title,price,days,favourite\n7,Solar,1,250,7\n", solar)
    assert plan.steps[0].fault.startswith("its price reads KES 1 for 250 days, and was KES 1,250.")
    assert kinds(look("post_id,title,price,days\n7,Solar,1,30\n", solar)) == [CHANGED]


@pytest.mark.parametrize("number", ["9", "x", "0", "-1", "1.0"])
def test_an_id_that_is_not_here_is_refused(number: str) -> None:
    plan = look(f"post_id,title,price\n{number},Tea,30\n")
    assert plan.steps[0].fault.startswith(f"there is no post {number} here")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("1,Tea,30,2,", "the favourite key is that of Soda (post 2)."),
        ("1,Tea,30,,6161110000013", "the barcode is that of Soda (post 2)."),
        ("1,Tea,30,1,\n1,Tea,40,1,", "the favourite key is that of line 2 too."),
        ("1,Tea,30,,\n1,Tea,40,,", "the post is that of line 2 too."),
        (",Milk,30,,\n,milk,40,,", "the name is that of line 2 too."),
    ],
)
def test_what_belongs_to_one_post_only_is_refused_the_second_time(rows: str, words: str) -> None:
    plan = look(f"post_id,title,price,favourite,barcode\n{rows}\n")
    assert plan.steps[-1].fault.startswith(words)


def test_two_posts_may_exchange_their_keys() -> None:
    plan = look("post_id,title,price,favourite\n1,Tea,30,2\n2,Soda,60,1\n")
    assert kinds(plan) == [CHANGED, CHANGED]
    batch = PostBatch.of(plan)
    assert json.loads(batch.keyed) == [[1], [2]]
    assert [fields for fields, _ in batch.updates] == [("favourite", "barcode")]
    assert json.loads(batch.changes) == [[1, "favourite", "1", "2"], [2, "favourite", "2", "1"]]
    assert batch.new == ""


def test_what_a_batch_writes() -> None:
    plan = look(
        "post_id,title,price,category\n1,Tea,35,\n,Milk,50,Hot  Drinks\n2,Soda,60,drinks\n", categories=(DRINKS,)
    )
    batch = PostBatch.of(plan)
    assert plan.categories == ("Hot Drinks",)
    assert [(fields, json.loads(rows)) for fields, rows in batch.updates] == [
        (("price",), [[1, 35]]),
        (("category",), [[2, "drinks"]]),
    ]
    assert dict(zip(batch.fields, json.loads(batch.new)[0], strict=True)) == {
        "title": "Milk",
        "price": 50,
        "days": None,
        "favourite": None,
        "barcode": None,
        "active": True,
        "highest": None,
        "category": "hot drinks",
    }
    assert batch.keyed == ""


def test_a_category_is_spelt_as_the_shop_spells_it() -> None:
    text = "title,price,category\nMilk,50,DRINKS\nMaji,20,hot\nUji,20,HOT\n"
    plan = look(text, categories=(DRINKS,))
    assert [step.draft.category for step in plan.steps if step.draft] == ["Drinks", "hot", "hot"]
    assert plan.categories == ("hot",)
    assert plan.known == ("Drinks",)


def test_a_column_that_was_taken_for_categories_makes_no_thousands() -> None:
    rows = "".join(f"Post {number},5,Group {number}\n" for number in range(MAX_CATEGORIES + 1))
    plan = look(f"title,price,category\n{rows}")
    assert len(plan.categories) == MAX_CATEGORIES
    assert plan.steps[-1].fault.startswith("a shop has 100 categories at most")


def test_the_faults_of_all_lines_are_there() -> None:
    plan = look("title,price\n,1\nMilk,x\nMaji,20,7\n")
    assert kinds(plan) == [BAD, BAD, BAD]
    assert [step.number for step in plan.of(BAD)] == [2, 3, 4]
    assert plan.of(NEW) == []
