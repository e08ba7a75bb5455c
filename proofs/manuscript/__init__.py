"""A manuscript's equations against the claims."""
