"""A ledger as of a date turned into one row a subject, by differences of running sums."""
