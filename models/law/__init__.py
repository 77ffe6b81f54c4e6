"""What the law says of paying late, whatever a house decides: terms, rates, interest, indemnity.

Arithmetic on dates and dated tables: no frame, no model, no database. What a house makes of it is
`models.policy`'s.
"""
