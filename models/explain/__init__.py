"""Exact contributions of features to a margin, and the reasons made of them."""
