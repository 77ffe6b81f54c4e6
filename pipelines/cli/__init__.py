"""The command line: arguments, wiring and what it prints."""
