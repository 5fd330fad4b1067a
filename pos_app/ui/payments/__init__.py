"""The page where past payments are looked up, and what can be done with one."""
