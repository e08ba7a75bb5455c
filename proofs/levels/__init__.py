"""Statements over sequences on the levels of a hierarchy, of symbolic depth."""
