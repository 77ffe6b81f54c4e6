"""What a whole portfolio shows: plain figures over open amounts, sales, grades and probabilities.

One figure a module, computed from rows that come in; none of them knows the ledger, the store or a model.
"""
