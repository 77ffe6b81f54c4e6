"""Exact SHAP contributions of features to a margin, and the reasons built from them."""
