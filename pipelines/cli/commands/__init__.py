"""The commands of `encours`, a module a group: they read options, call, and print what came of it."""
