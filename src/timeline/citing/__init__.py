"""Citations from links: fetch a page of the public web, and read what it declares about itself.

`links` parses a link, `transport` connects to public addresses only, `fetching` fetches within
limits, `metadata` and `text` read the page, and `citation` is what the service uses.
"""
