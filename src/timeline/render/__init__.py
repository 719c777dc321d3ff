"""An answer as words, as a table, as SVG, and as JSON."""
