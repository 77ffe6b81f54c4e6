"""Data sources: one module per source, each producing the canonical tables."""
