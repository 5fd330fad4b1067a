"""The page of what the shop sells."""
