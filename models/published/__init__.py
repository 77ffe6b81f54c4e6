"""Figures that others publish and the house uses as they are: pure arithmetic, each with its source."""
