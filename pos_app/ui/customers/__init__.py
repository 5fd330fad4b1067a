"""The page of customers: what they have, what they paid, and access by hand."""
