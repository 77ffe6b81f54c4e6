"""Customer numbers that may be one legal entity: offered by their names, joined and split by a person.

What decisions mean is `models.ledger.entities`', where they are kept `models.ledger.entity_files`'.
"""
