"""Exact path-dependent SHAP values of a LightGBM model, compiled, by look-ups in tables built once.

`trees` reads LightGBM's text, `groups` cuts each tree into leaves that share a table, `layout` lays them out
flat, `filling` fills the tables and `kernel` looks rows up in them, both compiled; `compiled` holds a model's
tables, and `explainer` is what others call.
"""
