"""What the claims of chapter 2 say in words is escaped where LaTeX would read it as mathematics."""

from __future__ import annotations

import re

import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.typesetting import claim_lines

IDS = [id for id in collect().ids() if id.startswith(("cognition.", "coherence."))]


@pytest.mark.parametrize("id", IDS)
def test_prose_holds_no_bare_underscore_or_power(id: str) -> None:
    lines = "\n".join(claim_lines(collect()[id], derivation=True))
    shown = r"\\begin\{equation\}.*?\\end\{equation\}|\\\[.*?\\\]|\$[^$]*\$|^%.*?$"
    for line in re.sub(shown, "", lines, flags=re.DOTALL | re.MULTILINE).splitlines():
        assert not re.search(r"(?<!\\)[_^&%#]", line), line
