"""Access to the service: tokens, their roles, and the sessions of browsers.

`roles` says what each role may do, `secret` makes and checks secrets, `file` stores their digests
in an SQLite file beside the log, and `tokens` and `sessions` are what the edges use. Only digests
are stored: someone who reads the file learns who has access, but gains none. Signed cookies would
need a key in that file, with which its reader could sign more of them, and rows all the same, to
end a session at once.
"""

FILE = "access.sqlite"
"""The name of the file in a newsroom's directory."""
