"""The parts that pages are made of. Each paints itself in the current theme; none knows about payments' flow."""
