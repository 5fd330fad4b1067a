"""The set-up and the settings: the same sections, as a wizard and as a page."""
