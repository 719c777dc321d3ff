"""Records: what may be recorded, as data, and its JSON in and out."""
