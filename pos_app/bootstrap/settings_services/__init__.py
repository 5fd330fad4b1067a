"""What the settings ask for, done with the real store, vault and M-PESA: a service for each section."""
