"""Candidates for one legal entity: suggested by name, joined and split by a person.

`models.ledger.entities` applies decisions, `models.ledger.entity_files` stores them.
"""
