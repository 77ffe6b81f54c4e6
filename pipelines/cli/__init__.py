"""Command line interface: commands, wiring and console output."""
