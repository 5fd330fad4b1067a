"""Reading M-PESA's statement from files that people choose."""
