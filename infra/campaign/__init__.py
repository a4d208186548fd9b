"""The long proofs at full size, and what only they need."""
