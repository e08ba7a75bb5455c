"""Shipped data sets."""
