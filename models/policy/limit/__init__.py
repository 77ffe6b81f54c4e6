"""The credit limit: its terms, one function each, and how they combine."""
