"""Batch processes: sources, checks, training, backtests, the nightly run, and the command line."""
