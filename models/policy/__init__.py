"""The credit policy and the arithmetic on it: no frame, no model, no database.

`policy.toml` holds the figures and `document` reads it; `limit`, `decision`, `terms`, `dunning` and
`overrides` compute with them. Probabilities come from elsewhere.
"""
