"""The nightly batch: score the portfolio, compare it with the night before, publish it."""
