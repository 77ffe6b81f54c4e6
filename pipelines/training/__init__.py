"""Training, evaluation and registration of the models."""
