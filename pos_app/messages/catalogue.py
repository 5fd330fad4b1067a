"""Posts in words, the same in the window and at a command."""

from collections.abc import Sequence

from pos_app.domain.catalogue import PostDraft


def posts_words(count: int) -> str:
    """So many posts."""
    return "1 post" if count == 1 else f"{count:,} posts"


def for_ever_words(posts: Sequence[PostDraft]) -> str:
    """What a person should know of posts from a file: where it says nothing of days, access never ends; or nothing."""
    count = sum(post.days is None for post in posts)
    if not count:
        return ""
    give = "gives" if count == 1 else "give"
    return f"{count:,} of them {give} access for ever: where that is not meant, give it days, or no access."
