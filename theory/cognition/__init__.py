"""Chapter 2: what a semantic network shows while it learns."""
