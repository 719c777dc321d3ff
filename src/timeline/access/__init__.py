"""Who may do what through the service: tokens, their roles, and the sessions of browsers.

`roles` says what each role may do, `secret` what a secret looks like and what is kept of it,
`file` keeps all of it in an SQLite file beside the log, `tokens` and `sessions` are what the
edges use. No secret is ever kept: who reads the file learns who has access, and gains none.
"""
