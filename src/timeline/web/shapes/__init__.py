"""The shapes of the answers, for the document that describes the API: nothing is made by them."""
