"""Kaunta: a desktop point of sale that charges by M-PESA prompt."""
