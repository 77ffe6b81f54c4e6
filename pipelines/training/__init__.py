"""Fitting, measuring and registering the models."""
