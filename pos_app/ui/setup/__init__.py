"""Connecting a shop: the pages that the set-up wizard and the settings share."""
