"""A newsroom's service, from Python: its questions, its log, and its records as they come.

with Client("https://timeline.example.org", token) as newsroom:
    newsroom.snapshot("qwen-team", as_of="2026-03-03")
"""

from timeline.client.client import JSON as JSON
from timeline.client.client import Client as Client
