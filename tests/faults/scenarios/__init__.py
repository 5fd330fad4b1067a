"""What goes wrong, fault by fault."""
