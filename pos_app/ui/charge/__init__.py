"""The page where customers are charged."""
