"""The service: the questions over HTTP, and pages to look at their answers."""
