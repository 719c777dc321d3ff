"""`python -m timeline`."""

from timeline.cli import main

if __name__ == "__main__":  # Processes that answer questions import the main module once more.
    main()
