"""What else a user would pick, one file a peer, each asked the same questions."""
