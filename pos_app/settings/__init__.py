"""What the shop has chosen: from the command line, the environment and the file, each tried before it counts."""
