"""Migrations of a database of any version to the tables of `serving.store.schema`."""
