"""What must be known and must hold, found without the code under test."""
