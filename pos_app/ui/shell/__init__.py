"""What stands around the pages, and the pages that stand in for them while the till is not open."""
