"""The questions, each with the type of its answer and the pure function that computes it."""
