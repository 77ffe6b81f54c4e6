"""Upkeep of an installation: backups, their restoration, and removal of what is too old."""
