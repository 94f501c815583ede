"""Limits (时限) by one door: what a limit is, when it is due, how much has passed, how to tell it.

Whole columns of starts are projected by ``playbooks.core.limit_bulk``, which needs Polars.
"""

from playbooks.core.limit_consumption import consume, rest_after
from playbooks.core.limit_counting import earliest_after, project
from playbooks.core.limit_projection import CountedDay, Earliest, Projection, SkippedDay
from playbooks.core.limit_terms import ROLLING, Limit, LimitKind, Roll, Unit, add_months
from playbooks.core.limit_text import explain

__all__ = [
    "ROLLING",
    "CountedDay",
    "Earliest",
    "Limit",
    "LimitKind",
    "Projection",
    "Roll",
    "SkippedDay",
    "Unit",
    "add_months",
    "consume",
    "earliest_after",
    "explain",
    "project",
    "rest_after",
]
