"""The customer display: a second window, on a screen of its own."""
