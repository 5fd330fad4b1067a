"""The page of takings: what came in, as a picture and as a table."""
