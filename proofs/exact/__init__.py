"""The exact zero test."""
