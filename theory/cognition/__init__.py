"""Chapter 2: what a semantic network shows while it learns."""

from . import illusory, readout, speeds

__all__ = ["illusory", "readout", "speeds"]
