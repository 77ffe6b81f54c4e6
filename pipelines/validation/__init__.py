"""Whether a ledger makes sense: rules as plain data, the checks that run them, and the quarantine."""
