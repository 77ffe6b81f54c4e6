"""The pages an analyst reads and signs, and the model card: findings in words and pictures.

What is measured is `pipelines.training.findings`'; pages are written from its document alone.
"""
