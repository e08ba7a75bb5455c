"""Chapter 3: what large initial weights cost."""
