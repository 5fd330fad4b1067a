"""What a passphrase has to be, the owner's as that of the file of keys."""

SHORTEST = 8  # characters
