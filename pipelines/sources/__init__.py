"""Where data comes from: one module a source, each of them ending in the canonical tables."""
