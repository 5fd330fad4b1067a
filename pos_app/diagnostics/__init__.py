"""Looking at everything a till needs before it can charge. Nothing here asks a customer for money."""
