"""The sub-commands, a module each; imported when they are run."""
