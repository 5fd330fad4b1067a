"""Posts from a file, looked at first and then saved, all or none; and to a file that can be read again."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pos_app.domain.catalogue import Post, is_trial
from pos_app.domain.operators import Actor
from pos_app.domain.post_csv import REAL, CsvLine, decode, read_lines, write_csv
from pos_app.domain.post_import import ImportPlan, PostBatch, StepKind, of_draft, plan_import
from pos_app.errors import BadInput, why_not_written
from pos_app.private_files import replace_file
from pos_app.sales.catalogue_door import CatalogueDoor
from pos_app.sales.ports import Transaction

MAX_BYTES = 32_000_000
NOT_READ = "That file cannot be read. Nothing was imported. See whether it is still there."
_log = logging.getLogger(__name__)
MEANWHILE = "Somebody has changed posts meanwhile. Nothing was imported. Look again at what would be changed."


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has done: the posts that it added, and those that it changed, as they are now."""

    added: tuple[Post, ...]
    changed: tuple[Post, ...]

    @property
    def posts(self) -> tuple[Post, ...]:
        """All of them."""
        return self.added + self.changed


class PostImport:
    """Reads posts from files and writes them to files, for whoever may change posts (rule 16)."""

    def __init__(self, door: CatalogueDoor) -> None:
        self._door = door

    def look(self, path: Path) -> ImportPlan:
        """What a file would do to the shop's posts; nothing is changed. Slow for thousands: call it on a thread.

        Raises:
            BadInput: nothing of the file can be used.
        """
        return self.plan(read_file(path))

    def plan(self, lines: list[CsvLine]) -> ImportPlan:
        """What these lines would do to the shop's posts. Raises BadInput where they are of another shop."""
        reader = self._door.reader
        if any(line.cells.get("post_id") for line in lines):
            self._refuse_another_shop(lines)
        seen = reader.last_post_change()  # before the posts: what is changed in between is noticed on saving
        return plan_import(lines, reader.posts(), reader.categories(), seen)

    def _refuse_another_shop(self, lines: list[CsvLine]) -> None:
        here = self._environment()
        for line in lines:
            there = line.cells.get("environment", here)
            if there != here:
                raise BadInput(
                    f"Line {line.number}: this list is of the {there[:20]} till, with other numbers. "
                    "Nothing was imported. Take its columns post_id and environment out, and import it again."
                )

    def carry_out(self, plan: ImportPlan) -> Imported:
        """Do what was looked at: all of it in one transaction, or nothing.

        Whether anything is as it was looked at is one comparison there, and what is written was made before: 20,000
        posts hold no charge up for long. The audit has one line of all, and each post its own of what was done to it;
        of a new one that is its price (what else it was is what it is, or the old value of its first change).

        Raises:
            BadInput: a line cannot be used, or somebody has changed posts since; and as `CatalogueDoor.change` does.
        """
        plan.check()
        batch = PostBatch.of(plan)
        drafts = [step.draft for step in plan.of(StepKind.NEW) if step.draft]
        changed = tuple(step.after for step in plan.of(StepKind.CHANGED))

        def work(transaction: Transaction, actor: Actor) -> Sequence[int]:
            there = tuple(one.name for one in transaction.categories())
            if (transaction.last_post_change(), there) != (plan.seen, plan.known):
                raise BadInput(MEANWHILE)
            for name in plan.categories:
                category = transaction.add_category(name)
                self._door.audit(transaction, actor, f"category {category.id} name", category.name)
            ids = transaction.import_posts(batch, self._door.now(), self._door.source, actor)
            told = f"{len(drafts)} added, {len(changed)} changed together"
            self._door.audit(transaction, actor, "posts", told)
            return ids

        ids = self._door.change(work) if drafts or changed else ()
        _log.info("%d posts added, %d changed from a file (%s)", len(drafts), len(changed), self._door.source)
        return Imported(tuple(map(of_draft, ids, drafts)), changed)

    def export(self, path: Path) -> int:
        """Write every post to a CSV file, whole or not at all; gives how many. A file that is there is replaced.

        Raises:
            BadInput: it cannot be written there.
        """
        posts = [post for post in self._door.reader.posts() if post.active or not is_trial(post)]
        try:
            replace_file(path, write_csv(posts, self._environment()).encode("utf-8-sig"))
        except OSError as error:
            raise BadInput(why_not_written(error)) from None
        return len(posts)

    def _environment(self) -> str:
        return self._door.reader.setting("environment") or REAL


def read_file(path: Path) -> list[CsvLine]:
    """The posts of a CSV file, line by line. Raises BadInput where nothing of it can be used."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError:
        raise BadInput(NOT_READ) from None
    if len(content) > MAX_BYTES:
        raise BadInput(f"That file is larger than {MAX_BYTES // 1_000_000} MB: no list of posts. Nothing was imported.")
    return read_lines(decode(content))
