"""Numbers only: enclosures, integrators, network simulations. Knows no formula of theory."""

if __name__ == "numerics":
    raise ImportError(
        "import lemmata.numerics, not numerics: install the package (python -m pip install .) "
        "and use `from lemmata.numerics import ...`"
    )
