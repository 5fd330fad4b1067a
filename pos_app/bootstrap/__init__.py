"""The composition root: puts together what the program runs, from the settings. Nobody but `cli` imports it."""
