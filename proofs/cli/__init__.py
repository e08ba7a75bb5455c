"""The command line."""

import os

# SymPy reads this once, when it is imported: its own size, 1000, makes it derive most facts anew.
os.environ.setdefault("SYMPY_CACHE_SIZE", "100000")

from .main import main

__all__ = ["main"]
