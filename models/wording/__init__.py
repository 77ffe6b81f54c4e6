"""How figures and messages are written, French first."""
