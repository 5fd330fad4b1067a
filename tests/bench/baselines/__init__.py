"""What the till is measured beside: the plain way of doing the same, as its own documentation shows it."""
