"""Payments as files for other programs: CSV, XLSX and JSON."""
