"""Data quality of a ledger: rules as data, the checks that run them, and the quarantine."""
