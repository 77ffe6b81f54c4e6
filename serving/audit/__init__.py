"""Who asked what and what was answered: entered before it goes out, computed again on demand.

How entries are kept is `serving.store.audit`'s.
"""
