"""Conversion of double-entry customer account lines into ledger tables, independent of the export format."""
