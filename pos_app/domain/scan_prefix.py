"""The character that a slow scanner is set to send before each code, so that its keys are told from a person's."""

import re

SCAN_PREFIX = r"(?![0-9A-Za-z+\-./()])[!-~]"  # visible ASCII, in no word and no phone


def may_mark_scans(text: str) -> bool:
    """Whether a scanner may send it before each code."""
    return re.fullmatch(SCAN_PREFIX, text) is not None
