"""The sections of the credit policy: which keys each has and what they may hold."""
