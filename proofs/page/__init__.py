"""The report: one page of HTML that opens offline.

``report_page(findings, figures, made=...)`` is the page, ``drawn_figures(seed)`` are its figures.
"""

from __future__ import annotations

from .figures import FiguresView, FigureView, drawn_figures, no_figures
from .mathematics import MathematicsError
from .rendering import report_page

__all__ = [
    "FigureView",
    "FiguresView",
    "MathematicsError",
    "drawn_figures",
    "no_figures",
    "report_page",
]
