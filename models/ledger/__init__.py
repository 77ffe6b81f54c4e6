"""The canonical ledger: its tables, files, versions, currencies and legal entities."""
