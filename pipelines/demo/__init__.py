"""The demo: a simulated portfolio, FEC files and register extracts made from it."""
