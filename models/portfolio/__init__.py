"""Portfolio figures from open amounts, sales, grades and probabilities.

Each module computes one figure from rows passed in; none depends on the ledger, the store or a model.
"""
