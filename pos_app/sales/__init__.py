"""What a till does: open a payment, prompt, listen, ask, grant. Imports the domain only; the rest fits its ports."""
