"""Import of public registers: legal units, notices, accounts, proceedings, cover, external scores.

The package `serving.registers` parses answers; this one enters them into a ledger. `files` turns files into
rows, `stock` reads the millions of legal units, `notice_file` stores every notice, `entering` merges results
into a ledger's tables. Each source has one module as its entry point, and `refresh` queries over HTTP.
"""
