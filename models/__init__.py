"""Models, credit rules and the ledger: the package that imports no other."""
