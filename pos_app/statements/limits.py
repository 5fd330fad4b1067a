"""What the process that opens a file may use."""

import sys

MEMORY = 300_000_000  # bytes
SECONDS = 60.0  # of the clock; a full sheet takes two


def limit_this_process() -> None:
    """Where the system can: more memory or processor time than that ends this process. Elsewhere its parent looks."""
    if sys.platform == "win32":
        return
    import resource

    _lower(resource.RLIMIT_DATA, MEMORY)
    _lower(resource.RLIMIT_CPU, int(SECONDS))
    _lower(resource.RLIMIT_CORE, 0)


def _lower(which: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(which)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (most, most))
