"""Matrix identities of symbolic size, as words of a free algebra."""
