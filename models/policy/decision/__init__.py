"""The decision on an order: exposure, limit, conditions and outcome."""
