"""The whole theory as one LaTeX paper."""
