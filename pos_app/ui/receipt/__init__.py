"""A receipt on screen and on paper."""
