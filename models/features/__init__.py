"""Features as of a date, computed from a ledger by differences of running sums."""
