"""What is tested at each landing is the same each time; the nightly profile draws anew."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("landing", derandomize=True, deadline=None)
settings.register_profile("nightly", max_examples=1000, deadline=None)
settings.load_profile("landing")
