"""What runs by itself: sources, checks, training, backtests, the night, and the command line."""
