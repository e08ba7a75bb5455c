"""Experiments on deep networks beside what the claims say of them."""
