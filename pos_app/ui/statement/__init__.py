"""M-PESA's statement: chosen, looked at, recorded."""
