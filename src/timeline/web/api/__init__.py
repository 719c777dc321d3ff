"""The routes of the API: one for each command of the command line."""

from timeline.web.api import ids as ids
