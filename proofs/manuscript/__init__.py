"""A manuscript's equations against the claims."""

from .checker import check_manuscript
from .findings import EditTold, Finding, ManuscriptReport, Outcome, Suggested

__all__ = [
    "EditTold",
    "Finding",
    "ManuscriptReport",
    "Outcome",
    "Suggested",
    "check_manuscript",
]
