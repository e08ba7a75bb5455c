"""Chapter 3: learning dynamics of networks of any depth."""
