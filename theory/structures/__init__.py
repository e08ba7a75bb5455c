"""Chapter 2: spectra of structures other than trees."""

from . import fields, ring

__all__ = ["fields", "ring"]
