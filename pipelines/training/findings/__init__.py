"""Evaluation of a trained model before sign-off: one module per question, results as data.

`pipelines.training.report` renders them.
"""
