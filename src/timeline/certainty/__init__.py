"""What holds at a time, over all worlds, and why it can be computed without enumerating them.

`effects` says what an event does to statements, `order` when it happened; `evidence_index`
collects what bears on each statement, and `evaluate` decides whether it holds. `prune` and
`sweep` keep that fast for long histories and for all times at once.
"""
