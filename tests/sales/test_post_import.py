"""Posts from a file and to one, on a real store."""

from pathlib import Path

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.post_csv import read_lines
from pos_app.domain.post_import import StepKind
from pos_app.errors import BadInput, OwnerNeeded
from pos_app.sales.post_import import MAX_BYTES, Imported, PostImport
from pos_app.sales.till import Till


@pytest.fixture
def files(till: Till) -> PostImport:
    till.catalogue.add_all([draft_post("Tea", 30, 0, 1), draft_post("Soda", 60, 0, 2, "6161110000013")])
    return till.catalogue.files


def carry_out(files: PostImport, text: str) -> Imported:
    return files.carry_out(files.plan(read_lines(text)))


def posts(till: Till) -> list[tuple[str, int, int | None, str | None]]:
    return [(post.title, post.price, post.favourite, post.category) for post in till.catalogue.posts()]


def test_new_and_changed_ones_are_saved_together(files: PostImport, till: Till) -> None:
    done = carry_out(
        files,
        "post_id,title,price,favourite,barcode,category\n1,Chai,35,2,,Hot\n2,Soda,60,1,'111,\n,Milk,50,3,,hot\n,Maji,20,,,\n",
    )
    assert [post.title for post in done.added] == ["Milk", "Maji"]
    assert [post.title for post in done.changed] == ["Chai", "Soda"]
    assert posts(till) == [
        ("Chai", 35, 2, "Hot"),
        ("Soda", 60, 1, None),
        ("Milk", 50, 3, "Hot"),
        ("Maji", 20, None, None),
    ]
    assert till.catalogue.posts() == sorted(done.posts, key=lambda post: post.id)
    assert till.reader.post(2) == Post(id=2, title="Soda", price=60, days=0, favourite=1, barcode="111")


def test_each_post_has_its_line_and_the_audit_one_of_all(files: PostImport, till: Till) -> None:
    carry_out(files, "post_id,title,price\n1,Tea,35\n,Milk,50\n")
    for post, old, new in ((1, "30", "35"), (3, None, "50")):
        [line] = till.reader.post_changes(post, 1)
        assert (line.field, line.old, line.new, line.source) == ("price", old, new, "window")
        assert line.at == till.clock.now()
    told = till.reader.audit(1)[0]
    assert (told.subject, told.new) == ("posts", "1 added, 1 changed together")


def test_nothing_to_do_is_nothing_done(files: PostImport, till: Till) -> None:
    before = till.reader.audit(99)
    done = carry_out(files, "post_id,title,price\n1,Tea,30\n")
    assert done.posts == ()
    assert till.reader.audit(99) == before


def test_a_line_that_cannot_be_used_leaves_everything_as_it_is(files: PostImport, till: Till) -> None:
    before = posts(till)
    with pytest.raises(BadInput, match=r"^Line 3: '' is not a price"):
        carry_out(files, "title,price,category\nMilk,50,Hot\nMaji,,\n")
    assert posts(till) == before
    assert till.catalogue.categories.all() == []


@pytest.mark.parametrize("meanwhile", ["a post", "a category"])
def test_what_somebody_has_changed_since_it_was_looked_at_is_not_written_over(
    files: PostImport, till: Till, meanwhile: str
) -> None:
    plan = files.plan(read_lines("post_id,title,price\n1,Tea,35\n"))
    if meanwhile == "a post":
        till.catalogue.change(1, draft_post("Tea", 32, 0, 1))
    else:
        till.catalogue.categories.add("Hot")
    before = posts(till)
    with pytest.raises(BadInput, match=r"Somebody has changed posts meanwhile. Nothing was imported."):
        files.carry_out(plan)
    assert posts(till) == before
    assert carry_out(files, "post_id,title,price\n1,Tea,35\n").changed[0].price == 35


def test_rule_16_it_is_for_whoever_may_change_posts(files: PostImport, till: Till) -> None:
    till.owner.passphrase.choose("mama njeri 1987")
    plan = files.plan(read_lines("title,price\nMilk,50\n"))
    with pytest.raises(OwnerNeeded):
        files.carry_out(plan)
    till.catalogue.unlock("mama njeri 1987")
    files.carry_out(plan)
    assert till.reader.post_changes(3, 1)[0].owner


def test_what_is_written_is_looked_at_and_changes_nothing(files: PostImport, till: Till, tmp_path: Path) -> None:
    till.catalogue.categories.add("=Drinks")
    till.catalogue.add(draft_post("Key, big", 90, None, category="=drinks", highest=200, active=False))
    file = tmp_path / "posts.csv"
    file.write_text("the list before", "utf-8")
    assert files.export(file) == 3
    plan = files.look(file)
    assert [step.kind for step in plan.steps] == [StepKind.SAME] * 3
    assert plan.categories == ()


def test_the_post_of_the_set_ups_test_is_not_written(files: PostImport, till: Till, tmp_path: Path) -> None:
    trial = till.catalogue.trial()
    till.catalogue.change(trial.id, draft_post("Set-up test", 1, 0, active=False))
    assert files.export(tmp_path / "posts.csv") == 2


def test_a_list_of_practice_changes_no_other_shops_posts(files: PostImport, till: Till, tmp_path: Path) -> None:
    files.export(tmp_path / "posts.csv")
    text = (tmp_path / "posts.csv").read_text("utf-8-sig")
    assert files.plan(read_lines(text))
    other = text.replace("practice", "sandbox")
    with pytest.raises(BadInput, match=r"^Line 2: this list is of the sandbox till"):
        files.plan(read_lines(other))
    without = other.replace("post_id", "number")
    assert [step.kind for step in files.plan(read_lines(without)).steps] == [StepKind.SAME] * 2


def test_a_file_that_cannot_be_read_or_written_is_said(files: PostImport, tmp_path: Path) -> None:
    for nothing in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadInput, match="That file cannot be read"):
            files.look(nothing)
    with pytest.raises(BadInput, match="Nothing was written"):
        files.export(tmp_path / "none" / "posts.csv")


def test_what_is_no_list_of_posts_is_not_read_to_its_end(files: PostImport, tmp_path: Path) -> None:
    file = tmp_path / "film.csv"
    with file.open("wb") as big:
        big.truncate(MAX_BYTES + 1)
    with pytest.raises(BadInput, match="larger than 32 MB"):
        files.look(file)
