"""What happens to a model once it answers: drift, what came of its answers, and when to train again."""
