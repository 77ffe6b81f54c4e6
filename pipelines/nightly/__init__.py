"""The nightly run: score the portfolio, compare it with the previous run, publish it."""
