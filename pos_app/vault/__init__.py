"""Where the shop's secrets are kept: the computer's keyring, a file behind a passphrase, or this run's memory."""
