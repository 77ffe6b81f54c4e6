"""Generation of norm-conforming FEC files from a ledger, for the demo, tests and figures.

`postings` converts a ledger's documents and payments to double-entry lines, `losses` books doubtful
customers, `years` splits them into years with letters and opening balances, `writing` writes files. The entry
point is `write_years`.
"""

from pipelines.demo.fec.writing import SELLER, Style, write_years

__all__ = ["SELLER", "Style", "write_years"]
