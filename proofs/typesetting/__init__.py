"""LaTeX of claims, from the very objects that are checked."""
