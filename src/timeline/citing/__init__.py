"""A citation from a web page: paste a link and a quote, and the rest is filled in.

The service fetches what a stranger's link names, so what is fetched is watched closely:
`links` reads a link, `addresses` says which addresses are public, `connecting` connects to the
very address that was judged and keeps to the time, `fetching` follows redirects and keeps to
the size. Of the page, `text` is what a reader sees of it, `metadata` what it says of itself,
`published` its date as EDTF; `quoting` looks for the quote. `citation` puts it together.
"""
