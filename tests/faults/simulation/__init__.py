"""What the till lives in here: virtual time, a network, an M-PESA, customers, strangers; and tills made to die."""
