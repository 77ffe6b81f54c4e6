"""Use cases: one function each, called by the API, the pages and the command line."""
