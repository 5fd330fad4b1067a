"""Receipt printers that the till drives itself, by ESC/POS."""
