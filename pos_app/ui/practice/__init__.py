"""The customer's phone of practice."""
