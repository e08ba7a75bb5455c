"""One section in a process of its own: python -m benchmarks.section NAME PROFILE FILE."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

from .machine import copy_rate, matrix_product_rate


def main(name: str, profile: str, target: str) -> None:
    if name == "machine":
        rows = [{"dgemm_gflops": matrix_product_rate(), "copy_gb_per_s": copy_rate()}]
    else:
        rows = import_module(f"benchmarks.bench_{name}").measure(profile)
    Path(target).write_text(json.dumps(rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
