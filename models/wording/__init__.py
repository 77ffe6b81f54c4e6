"""Format of figures and messages, French first."""
