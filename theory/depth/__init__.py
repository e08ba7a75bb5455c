"""Chapter 3: learning dynamics of networks of any depth."""

from . import chain, conservation, times

__all__ = ["chain", "conservation", "times"]
