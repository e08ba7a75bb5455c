"""Mathematics written in LaTeX, read by a grammar that can only build mathematics."""
