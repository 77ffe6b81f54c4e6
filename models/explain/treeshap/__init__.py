"""Exact path-dependent SHAP values of a LightGBM model, by compiled look-ups in precomputed tables.

`trees` parses LightGBM's text, `groups` splits each tree into leaves that share a table, `layout` stores them
in flat arrays, `filling` fills the tables and `kernel` looks rows up in them, both compiled; `compiled` holds
a model's tables, and `explainer` is the interface for other modules.
"""
