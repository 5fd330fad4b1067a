"""What Python searches for garbage while tests run."""

import gc


def set_aside_anew() -> None:
    """After something that was set aside has ended: search everything once, then no more of what is left."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
