"""What the shop sells and what a payment is. Standard library only; no clock, no network, no disk."""
