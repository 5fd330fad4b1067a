"""The command line: what it takes, and a module for each command, imported when it is run."""
