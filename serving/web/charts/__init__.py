"""Pictures as inline SVG, each with the same figures in words and in a table."""
