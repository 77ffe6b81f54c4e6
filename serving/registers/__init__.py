"""Clients and parsers of the public registers on companies.

Pipelines fill a ledger and the server enriches prospects with it; it depends on neither. `client` is the only
module that connects, `cache` stores answers, each register has one module that parses them, and `lookup`
combines them for one company.
"""
