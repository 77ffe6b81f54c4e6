"""The house's credit rules and the arithmetic on them: no frame, no model, no database.

`policy.toml` beside this file holds the figures; `policy` reads it, `bands` names what a figure means,
`limit` and `terms` conclude. Probabilities come from elsewhere.
"""
