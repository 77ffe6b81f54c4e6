"""What the models learn and how: rows, labels, fitting, calibration, the fitted artifact and its registry."""
