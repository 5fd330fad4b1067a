"""The page of the shop's day and its closes."""
