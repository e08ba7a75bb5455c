"""The page written out, with its style sheet and its script inside."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ..findings import Findings
from .contents import page_view
from .figures import FiguresView

__all__ = ["report_page", "style_sheet"]


def report_page(findings: Findings, figures: FiguresView, *, made: str) -> str:
    """The report as HTML: it asks for nothing from the network and runs no script but its own.

    ``made`` says when it was made; equal findings, figures and times give equal pages.
    """
    script = _resource("page.js")
    template = _environment().get_template("page.html.j2")
    return template.render(
        page=page_view(findings, figures, made),
        style=Markup(style_sheet()),
        script=Markup(script),
        script_hash=_hash(script),
    )


def style_sheet() -> str:
    """The style sheet of the page."""
    return _resource("page.css")


def _hash(script: str) -> str:
    """What a content security policy asks for to let a script run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
