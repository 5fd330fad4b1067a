"""The page of checks, and the log."""
