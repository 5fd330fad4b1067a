"""Safaricom's Daraja API: what goes over the wire, the client, the listener, the simulator."""
