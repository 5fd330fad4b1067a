"""Every sentence that more than one front end says about payments, access, checks and contact. No Qt, no store."""
