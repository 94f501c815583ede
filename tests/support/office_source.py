"""The sample declaration of an office's own interface, as its documentation gives it."""

from pathlib import Path

PATH = Path(__file__).parents[2] / "examples" / "sources" / "own_app.yml"
TEXT = PATH.read_text(encoding="utf-8")
