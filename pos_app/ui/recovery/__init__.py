"""The owner's recovery code: shown once, and typed where the passphrase is forgotten."""
