"""What the edges share: from what somebody typed to a question, and to its answer."""
