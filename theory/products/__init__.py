"""Chapter 3: products of random matrices."""
