"""The scorecard: a model that fits on a page, always fitted beside the trees as their challenger.

`attribute` and `scorecard` hold it and answer, `words` prints it, `sql` writes it as a query; `rules` says
what a feature must bring, `binning`, `joining`, `selection` and `fitting` make one. Answering needs no
scikit-learn.
"""
