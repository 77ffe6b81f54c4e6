"""French law of late payment: terms, rates, interest, indemnity, insolvency.

Arithmetic on dates and dated tables: no frame, no model, no database. `models.policy` applies a seller's own
rules.
"""
