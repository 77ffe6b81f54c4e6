"""Assessment of one customer: features, models and policy combined."""
