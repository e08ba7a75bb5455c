"""What theory says of a table of one's own: modes, order of learning, structure, illusions."""

__all__: list[str] = []
