"""The log: the protocol of its stores, and what they have in common."""
