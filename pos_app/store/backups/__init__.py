"""Copies of the database, by hand and by the clock, and putting one back."""
