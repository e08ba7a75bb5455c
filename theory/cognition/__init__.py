"""Chapter 2: what a semantic network shows while it learns."""

from . import illusory, readout, shallow_readout, speeds, typicality

__all__ = ["illusory", "readout", "shallow_readout", "speeds", "typicality"]
