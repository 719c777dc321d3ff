"""Views of what stands: pure functions from a history and a question to an answer."""
