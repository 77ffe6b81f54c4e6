"""The training report, to be read and signed by an analyst, and the model card.

`pipelines.training.findings` computes the figures; pages are rendered from its document alone.
"""
