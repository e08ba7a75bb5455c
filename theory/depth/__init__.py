"""Chapter 3: learning dynamics of networks of any depth."""

from . import chain, conservation, end_to_end, singular, times

__all__ = ["chain", "conservation", "end_to_end", "singular", "times"]
