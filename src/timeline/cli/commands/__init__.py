"""The commands, a file each; `timeline.cli.program` knows which is where."""
