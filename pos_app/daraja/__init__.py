"""What we say to M-PESA: the client for Safaricom's Daraja API, its access tokens, and what goes over the wire."""
