"""Double-entry lines on customer accounts turned into a ledger's tables, whatever export they come from."""
