"""What published statistics say of late payment and failure, where a ledger says nothing yet."""
