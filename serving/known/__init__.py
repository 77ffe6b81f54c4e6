"""Answers about known customers, which are most: from memory, many together, written from pieces.

What this way does not know goes the ordinary way, which answers the same.
"""
