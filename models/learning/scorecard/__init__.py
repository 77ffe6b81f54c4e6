"""Scorecard: a one-page model, always fitted as a challenger of the trees.

`attribute` and `scorecard` hold it and score, `words` prints it, `sql` writes it as a query; `rules` holds
its hyperparameters, `binning`, `joining`, `selection` and `fitting` build one. Scoring needs no scikit-learn.
"""
