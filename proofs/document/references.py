"""Papers: what the sources of claims cite, and how the bibliography prints them.

``references.json`` is a copy of the references in CITATION.cff, which is not installed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from lemmata.theory.claims import Claim

from ..typesetting import escaped
from .prose import told

__all__ = ["NAMED", "UNVERIFIED", "bibliography", "cited", "key", "keys_of", "references"]

_SEMANTIC, _DEEP, _BOTH = ("saxe2013", "saxe2019"), ("saxe2014",), ("saxe2014", "saxe2019")
_TALK = "Saxe, McClelland & Ganguli"

NAMED: Mapping[str, tuple[str, ...]] = {
    "Advani, Saxe & Sompolinsky": ("advani2020",),
    "Arora, Cohen & Hazan 2018": ("arora2018",),
    "Arora, Cohen, Hu & Luo 2019": ("arora2019",),
    "Benaych-Georges & Nadakuditi": ("benaychgeorges2012",),
    "Fukumizu 1998": ("fukumizu1998",),
    "Glorot & Bengio": ("glorot2010",),
    "He et al.": ("he2015",),
    "Kemp & Tenenbaum": ("kemp2008",),
    "Mulayoff & Michaeli 2020": ("mulayoff2020",),
    "Pennington, Schoenholz & Ganguli": ("pennington2017", "pennington2018"),
    "Penson & Zyczkowski": ("penson2011",),
    "Poole et al.": ("poole2016",),
    "Schoenholz et al.": ("schoenholz2017",),
    "Silverstein & Bai": ("silverstein1995",),
    "Voiculescu": ("voiculescu1987",),
    "Williams": ("williams1998",),
}
"""What a source calls a paper, and the papers' keys."""

OF_CHAPTER: Mapping[str, tuple[str, ...]] = {
    "descent": _BOTH,
    "modes": _BOTH,
    "hierarchy": _SEMANTIC,
    "coherence": _SEMANTIC,
    "cognition": _SEMANTIC,
    "structures": _SEMANTIC,
    "depth": _DEEP,
    "products": _DEEP,
    "isometry": _DEEP,
    "generalization": _DEEP,
}
"""Which papers of Saxe, McClelland & Ganguli a source means, by the first word of the id."""

UNVERIFIED = frozenset({"Kesten and Stigum"})
"""Names in sources whose paper could not be looked up: no reference is printed for them."""

TOOLS = ("meurer2017", "johansson2017", "maciver2019")
"""What the court stands on, cited where the document says how it verifies."""


@cache
def references() -> Mapping[str, Mapping[str, Any]]:
    """The references of CITATION.cff by key, in the order in which they are printed."""
    text = files(__package__).joinpath("references.json").read_text("utf-8")
    by_key = {key(reference): reference for reference in json.loads(text)}
    return dict(sorted(by_key.items()))


def key(reference: Mapping[str, Any]) -> str:
    """The first author's name and the year: ``saxe2014``."""
    first = reference["authors"][0]["family-names"]
    letters = "".join(re.findall("[a-z]", first.lower().replace("ż", "z")))
    return f"{letters}{reference['year']}"


def keys_of(claim: Claim) -> tuple[str, ...]:
    """The keys of the papers that its source names."""
    return tuple(key for name in _names_in(claim) for key in _keys(name, claim))


def cited(claim: Claim) -> str:
    """The source as LaTeX, each paper that it names cited behind its name."""
    made, rest = "", claim.source
    for name in _names_in(claim):
        before, _, rest = rest.partition(name)
        made += f"{told(before + name)}~\\cite{{{','.join(_keys(name, claim))}}}"
    return made + told(rest)


def _names_in(claim: Claim) -> list[str]:
    """The names of papers in its source, in order, each once."""
    found = {name: claim.source.find(name) for name in (*NAMED, _TALK)}
    return sorted((name for name in found if found[name] >= 0), key=lambda name: found[name])


def _keys(name: str, claim: Claim) -> tuple[str, ...]:
    return OF_CHAPTER.get(claim.id.partition(".")[0], _BOTH) if name == _TALK else NAMED[name]


def bibliography(keys: frozenset[str]) -> list[tuple[str, str]]:
    """Key and entry as LaTeX of each of these papers, in order."""
    return [(key, _entry(found)) for key, found in references().items() if key in keys]


def _entry(reference: Mapping[str, Any]) -> str:
    authors = _listed([_author(author) for author in reference["authors"]])
    title = escaped(reference["title"])
    where = ", ".join(part for part in _where(reference) if part)
    return f"{authors}. {title}. {where}{''.join(_links(reference))}."


def _author(author: Mapping[str, str]) -> str:
    if "name" in author:
        return escaped(author["name"])
    return escaped(f"{author['given-names']} {author['family-names']}").replace(". ", ".~")


def _listed(authors: list[str]) -> str:
    """One, two, or many with "and" before the last, unless that says so itself."""
    if len(authors) == 1:
        return authors[0]
    last = authors[-1] if authors[-1].startswith("and ") else f"and {authors[-1]}"
    return f"{', '.join(authors[:-1])}{',' if len(authors) > 2 else ''} {last}"


def _where(reference: Mapping[str, Any]) -> list[str]:
    """Journal or proceedings, volume, pages, year."""
    volume, pages = str(reference.get("volume", "")), str(reference.get("start", ""))
    if "issue" in reference:
        volume += f"({reference['issue']})"
    if "end" in reference:
        pages += f"--{reference['end']}"
    if "journal" in reference:
        numbers = f"{volume}:{pages}" if pages else volume
        return [rf"\emph{{{escaped(reference['journal'])}}} {numbers}", str(reference["year"])]
    names = [reference.get("conference", {}).get("name"), reference.get("collection-title")]
    held = ", ".join(rf"\emph{{{escaped(name)}}}" for name in names if name)
    return [
        f"In {held}",
        f"volume {volume}" if volume else "",
        f"pages {pages}" if pages else "",
        str(reference["year"]),
    ]


def _links(reference: Mapping[str, Any]) -> list[str]:
    links = []
    if "doi" in reference:
        doi = reference["doi"]
        links.append(rf", \href{{https://doi.org/{doi}}}{{doi:{escaped(doi)}}}")
    arxiv = re.fullmatch(r"https://arxiv\.org/abs/(.+)", reference.get("url", ""))
    if arxiv:
        links.append(rf", \href{{{arxiv[0]}}}{{arXiv:{escaped(arxiv[1])}}}")
    elif "url" in reference:
        links.append(rf", \url{{{reference['url']}}}")
    return links
