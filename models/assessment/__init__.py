"""One answer about one customer: features, models and policy brought together."""
