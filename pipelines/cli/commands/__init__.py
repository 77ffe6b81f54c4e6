"""The commands of `encours`, one module per group: read options, call, print the result."""
