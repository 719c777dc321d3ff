"""The views for people: they read well in 80 columns, with colour or without. One file a view."""
