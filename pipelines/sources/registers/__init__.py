"""Public registers into a ledger: legal units, notices, accounts, proceedings, cover, outside scores.

Reading an answer is the package `registers`'; here stands what a ledger makes of it. `files` turns files into
rows, `stock` reads the millions of legal units, `notice_file` keeps every notice seen, `entering` merges what
was found into a ledger's tables, one module a source is the way in, and `refresh` asks over HTTP.
"""
