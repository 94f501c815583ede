"""The ``juzhen`` command: everything the UI does, and what a timer or a fresh clone needs."""

from flows.command.main import main

__all__ = ["main"]
