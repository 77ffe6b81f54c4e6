"""Starter models from published statistics of late payment and default, for a ledger without outcomes."""
