"""What a file of posts would do, in words: the same in the window and at a command."""

from pos_app.domain.catalogue import PostDraft, access_words
from pos_app.domain.post_import import ImportPlan, LineStep, StepKind
from pos_app.messages.catalogue import change_words, for_ever_words, posts_words

KINDS = {
    StepKind.NEW: "new",
    StepKind.CHANGED: "changed",
    StepKind.SAME: "unchanged",
    StepKind.BAD: "cannot be used",
}
_NOTHING = (" Nothing was imported.", " Nothing was saved.")  # said once, below all lines


def step_words(step: LineStep) -> str:
    """What a line would do, behind the name of its post."""
    match step.kind:
        case StepKind.BAD:
            return fault_words(step.fault)
        case StepKind.NEW:
            return draft_words(step.draft) if step.draft else ""
        case _:
            return ", ".join(change_words(*change) for change in step.changes)


def short_words(step: LineStep) -> str:
    """The same where there is little room: of what is wrong the first sentence."""
    words = step_words(step)
    return words.split(". ")[0].rstrip(".") + "." if step.kind is StepKind.BAD else words


def fault_words(fault: str) -> str:
    """Why a line cannot be used, by itself."""
    for nothing in _NOTHING:
        fault = fault.replace(nothing, "")
    return fault[:1].upper() + fault[1:]


def draft_words(draft: PostDraft) -> str:
    """What a new post is, without its name."""
    key = f"key {draft.favourite}" if draft.favourite else ""
    off = "" if draft.active else "off"
    return ", ".join(filter(None, (draft.price_words, access_words(draft.days), draft.category, key, off)))


def plan_words(plan: ImportPlan) -> str:
    """How many lines would do what, and what else somebody should know before."""
    counts = [(len(plan.of(kind)), word) for kind, word in KINDS.items()]
    told = ", ".join(f"{count:,} {word}" for count, word in counts if count) or "no posts"
    words = [f"{told[:1].upper()}{told[1:]}."]
    if plan.of(StepKind.BAD):
        words.append("Nothing is imported until each line can be used.")
    if plan.categories:
        words.append(f"New categories: {', '.join(plan.categories)}.")
    return " ".join(filter(None, (*words, for_ever_words(new_or_changed(plan)))))


def new_or_changed(plan: ImportPlan) -> list[PostDraft]:
    """The posts that would be another way than they are, as they would be; access for ever only where it is new."""
    return [
        step.draft
        for step in plan.steps
        if step.draft and (step.kind is StepKind.NEW or any(field == "days" for field, _, _ in step.changes))
    ]


def imported_words(added: int, changed: int) -> str:
    """What an import has done."""
    if not (added or changed):
        return "Every post of the file is as it is here. Nothing was changed."
    were = "was" if added == 1 else "were"
    new = f"{posts_words(added)} {were} imported" if added else ""
    other = f"{posts_words(changed)} {'was' if changed == 1 else 'were'} changed" if changed else ""
    return f"{', '.join(filter(None, (new, other)))}."
