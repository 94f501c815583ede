"""The base of every error whose sentence is meant for the person who asked."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - it names what happened to the request, and each kind says Error
    """Something was refused, or something outside must be put right; the text says what and how.

    It stands in this package because every other may import it. Anything that is no ``Refusal`` is a
    defect and shows its traceback.
    """
