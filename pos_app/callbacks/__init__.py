"""How results reach us: the listener for callbacks, the probe of our own address, the tunnel and its ngrok process."""
