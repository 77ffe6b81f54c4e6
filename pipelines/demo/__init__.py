"""The demo: a simulated portfolio, with FEC files and register extracts generated from it."""
