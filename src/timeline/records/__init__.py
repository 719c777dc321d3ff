"""The vocabulary: what may be recorded, and which statements it begins and ends."""
