"""Forms: their fields, made from the declaration of a type, and the record typed into them."""
