"""Training rows, targets, calibration, fitted models and their registry."""
