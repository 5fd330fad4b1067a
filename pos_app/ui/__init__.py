"""The window. Knows the domain, sales and what it is handed."""
