"""Sounds: short tones of our own, played by the computer's own player."""
