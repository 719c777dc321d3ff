"""Recorded text as HTML may carry it, for the pages of the service and for publications."""
