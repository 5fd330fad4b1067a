"""What a file of posts would do to a shop's posts: each line's change, or why it cannot be used."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pos_app.domain.catalogue import FIELDS, Post, PostDraft, barcode_key, differences
from pos_app.domain.category import MAX_CATEGORIES, Category
from pos_app.domain.operators import name_key
from pos_app.domain.post_csv import CsvLine, read_lines
from pos_app.domain.strict import whole
from pos_app.errors import BadInput

_THOUSAND = 1_000
_UNIQUE = frozenset({"favourite", "barcode"})


class StepKind(StrEnum):
    """What a line of a file would do; printed by this name."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class LineStep:
    """What one line of a file would do.

    Attributes:
        number: of the line in the file.
        title: of the post, as the line has it.
        before: the post that the line means; None for a new one, and where it means none.
        draft: the post as it would be; None where the line cannot be used.
        fault: why not.
    """

    number: int
    kind: StepKind
    title: str
    before: Post | None = None
    draft: PostDraft | None = None
    fault: str = ""

    @property
    def changes(self) -> list[tuple[str, str | None, str]]:
        """Which fields become another value; see `differences`."""
        return differences(self.before, self.draft) if self.draft and self.kind is not StepKind.SAME else []

    @property
    def after(self) -> Post:
        """The post that the line means, as it would be."""
        assert self.draft is not None
        assert self.before is not None
        return of_draft(self.before.id, self.draft)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file would do to a shop's posts.

    Attributes:
        steps: a line each, as they stand in the file.
        seen: the shop's last change of a post when it was looked at; see `PostsReader.last_post_change`.
        known: the names of the shop's categories then.
        categories: names that would be added to them.
    """

    steps: tuple[LineStep, ...]
    seen: int
    known: tuple[str, ...]
    categories: tuple[str, ...]

    def of(self, kind: StepKind) -> list[LineStep]:
        """The lines that would do this."""
        return [step for step in self.steps if step.kind is kind]

    def check(self) -> None:
        """Raises BadInput with the first line that cannot be used: all or nothing is imported."""
        for step in self.steps:
            if step.kind is StepKind.BAD:
                raise BadInput(f"Line {step.number}: {step.fault}")


@dataclass(frozen=True, slots=True)
class PostBatch:
    """What a plan would write, as JSON texts: the database reads the rows itself, and nothing else of ours holds its
    one writer meanwhile. Empty where there is nothing to write.

    Attributes:
        fields: of the rows of `new`; a category by the spelling of its name that counts.
        new: the posts to add.
        keyed: the ids of posts that get another favourite key or barcode: `[[7], [9]]`.
        updates: by the fields that become another value: rows of the id and these values.
        changes: lines of history: id, field, old and new as they are stored there.
    """

    fields: tuple[str, ...]
    new: str
    keyed: str
    updates: tuple[tuple[tuple[str, ...], str], ...]
    changes: str

    @classmethod
    def of(cls, plan: ImportPlan) -> "PostBatch":
        """The batch of a plan."""
        new = [_values(step.draft, FIELDS) for step in plan.of(StepKind.NEW) if step.draft]
        updates: dict[tuple[str, ...], list[list[object]]] = {}
        lines: list[list[object]] = []
        keyed: list[list[object]] = []
        for step in plan.of(StepKind.CHANGED):
            after, changes = step.after, step.changes
            fields = tuple(field for field, _, _ in changes)
            if _UNIQUE.intersection(fields):
                keyed.append([after.id])
                fields = tuple(dict.fromkeys((*fields, *sorted(_UNIQUE))))
            updates.setdefault(fields, []).append([after.id, *_values(after, fields)])
            lines += ([after.id, *change] for change in changes)
        written = tuple((fields, json.dumps(rows)) for fields, rows in updates.items())
        return cls(FIELDS, _text(new), _text(keyed), written, _text(lines))


def _text(rows: list[list[object]]) -> str:
    return json.dumps(rows) if rows else ""


def _values(post: PostDraft, fields: Sequence[str]) -> list[object]:
    return [
        name_key(post.category) if field == "category" and post.category else getattr(post, field) for field in fields
    ]


def of_draft(post_id: int, draft: PostDraft) -> Post:
    """A post of this id that is as a draft says."""
    return Post(id=post_id, **{field: getattr(draft, field) for field in FIELDS})


def plan_import(
    lines: Sequence[CsvLine], posts: Sequence[Post], categories: Sequence[Category] = (), seen: int = 0
) -> ImportPlan:
    """Say what each line would do.

    A line means the post of its id; without one, the post that has its barcode; else it is a new one. A new one whose
    name the shop has already is refused, unless it is the same in everything: whoever imports a file twice by mistake
    does not sell everything twice.

    Args:
        posts: every post of the shop.
        seen: the shop's last change of a post, read before them.
    """
    planning = _Planning(posts, categories)
    steps = planning.without_doubles([planning.step(line) for line in lines])
    return ImportPlan(tuple(steps), seen, tuple(one.name for one in categories), tuple(planning.added))


def read_csv(text: str) -> list[PostDraft]:
    """The posts of a file for a shop that has none.

    Raises:
        BadInput: with the line that cannot be used.
    """
    plan = plan_import(read_lines(text), ())
    plan.check()
    return [step.draft for step in plan.steps if step.draft]


class _Planning:
    """What is known of the shop while a file is gone through."""

    def __init__(self, posts: Sequence[Post], categories: Sequence[Category]) -> None:
        self._posts = {post.id: post for post in posts}
        self._by_barcode = {barcode_key(post.barcode): post for post in posts if post.barcode}
        self._by_title: dict[str, Post] = {}
        for post in posts:
            self._by_title.setdefault(name_key(post.title), post)
        self._categories = {name_key(one.name): one.name for one in categories}
        self.added: list[str] = []  # categories

    def step(self, line: CsvLine) -> LineStep:
        """What a line would do, looked at by itself."""
        title = line.cells.get("title", "")[:200]
        before = None
        try:
            before = self._meant(line)
            draft = self._sorted(line.draft(before))
            before = before or self._namesake(draft)
            _check_price(before, draft)
        except BadInput as error:
            return LineStep(line.number, StepKind.BAD, title, before, fault=error.user_text)
        if before is None:
            return LineStep(line.number, StepKind.NEW, draft.title, None, draft)
        kind = StepKind.CHANGED if differences(before, draft) else StepKind.SAME
        return LineStep(line.number, kind, draft.title, before, draft)

    def _meant(self, line: CsvLine) -> Post | None:
        text = line.cells.get("post_id", "")
        if not text:
            barcode = line.cells.get("barcode", "")
            return self._by_barcode.get(barcode_key(barcode)) if barcode else None
        post = self._posts.get(whole(text) or 0)
        if post is None:
            raise BadInput(
                f"there is no post {text[:20]} here. Nothing was imported. Leave post_id empty where it is a new one."
            )
        return post

    def _sorted(self, draft: PostDraft) -> PostDraft:
        """With its category as the shop spells it; one that the shop does not have is added."""
        if draft.category is None:
            return draft
        key = name_key(draft.category)
        if key not in self._categories:
            if len(self._categories) >= MAX_CATEGORIES:
                raise BadInput(f"a shop has {MAX_CATEGORIES} categories at most. Nothing was imported.")
            self._categories[key] = draft.category
            self.added.append(draft.category)
        return replace(draft, category=self._categories[key])

    def _namesake(self, draft: PostDraft) -> Post | None:
        """The shop's post that a new line only repeats. Raises BadInput where it has the same name only."""
        same = self._by_title.get(name_key(draft.title))
        if same is None or not differences(same, draft):
            return same
        raise BadInput(
            f"there is a post {same.title} already, {same.price_words}. Nothing was imported. To change it, write "
            f"{same.id} into a column post_id; to add another one, give it another name."
        )

    def without_doubles(self, steps: Sequence[LineStep]) -> list[LineStep]:
        """What belongs to one post only, in the file and among the posts that the file leaves alone."""
        taken = dict(self._held_by_others(steps))
        return [_refused(step, taken) for step in steps]

    def _held_by_others(self, steps: Sequence[LineStep]) -> Iterable[tuple[tuple[str, str], str]]:
        meant = {step.before.id for step in steps if step.before}
        for post in self._posts.values():
            if post.id not in meant:
                for key in _keys(post):
                    yield key, f"that of {post.title} (post {post.id})"


def _check_price(before: Post | None, draft: PostDraft) -> None:
    """Raises BadInput where the days are what stands behind the comma of the post's price: it was not in quotes."""
    if before and draft.days and draft.price != before.price == draft.price * _THOUSAND + draft.days:
        raise BadInput(
            f"its price reads KES {draft.price} for {draft.days} days, and was KES {before.price:,}. Nothing was "
            "imported. Write a price without commas."
        )


def _refused(step: LineStep, taken: dict[tuple[str, str], str]) -> LineStep:
    """The step; as one that cannot be done where something of it is taken. What it takes is added."""
    if step.draft is None:
        return step
    mine = [*_keys(step.draft), *([("post", str(step.before.id))] if step.before else [])]
    if step.kind is StepKind.NEW:
        mine.append(("name", name_key(step.draft.title)))
    for key in mine:
        if key in taken:
            fault = f"the {key[0]} is {taken[key]}. Nothing was imported."
            return LineStep(step.number, StepKind.BAD, step.title, step.before, fault=fault)
    taken.update(dict.fromkeys(mine, f"that of line {step.number} too"))
    return step


def _keys(post: PostDraft) -> Iterable[tuple[str, str]]:
    if post.barcode:
        yield "barcode", barcode_key(post.barcode)
    if post.favourite:
        yield "favourite key", str(post.favourite)
