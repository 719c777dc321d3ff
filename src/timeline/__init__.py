"""A newsroom's memory: what was so at time T, as we knew it at time K, and why."""

__version__ = "0.1.0"
