"""The pages: what a salesperson opens before signing and an analyst prints."""
