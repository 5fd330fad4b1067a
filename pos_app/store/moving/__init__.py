"""A shop that moves from its file to a PostgreSQL server, and back."""
