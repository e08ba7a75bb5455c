"""Exact mathematics: definitions, claims, derivations. SymPy only."""

if __name__ == "theory":
    raise ImportError(
        "import lemmata.theory, not theory: install the package (python -m pip install .) "
        "and use `from lemmata.theory import ...`"
    )
