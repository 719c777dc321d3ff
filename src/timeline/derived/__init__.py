"""What is derived from the log and kept beside it, so that a question need not read it all.

Everything here can be deleted at any time, and is made again from the log.
"""
