"""Everything side by side: python -m benchmarks [--profile quick|full] [--json FILE]."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from .machine import described
from .table import notes, tables

SECTIONS = {
    "modes": "one mode: certified numbers against integrators",
    "certified": "whole networks: balls around all weights against integrators",
    "networks": "many small networks, one thread",
    "large": "large networks",
    "scaling": "what it costs: networks, width, depth, digits",
    "hierarchy": "spectra of hierarchies: level by level against matrices",
    "device": "on the GPU",
}
"""What each module ``bench_NAME`` measures; each runs in a process of its own."""
SINGLE = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
WIDTH = 140
"""Columns of a table that no terminal bounds."""
SCHEMA = "lemmata.benchmarks/2"


@click.command()
@click.option("--profile", type=click.Choice(["quick", "full"]), default="quick")
@click.option("--only", help="sections, separated by commas: " + ", ".join(SECTIONS))
@click.option("--json", "target", type=click.Path(path_type=Path), help="write all figures here")
def main(profile: str, only: str | None, target: Path | None) -> None:
    """Measure, print tables, and write JSON."""
    chosen = only.split(",") if only else list(SECTIONS)
    unknown = [name for name in chosen if name not in SECTIONS]
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)}: give some of {', '.join(SECTIONS)}")
    console, began = Console(), time.perf_counter()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    found: dict[str, Any] = {}
    told = {"schema": SCHEMA, "profile": profile, "machine": described(), "sections": found}
    told["rates"] = _measured("machine", profile)
    console.print(_headline(told))
    for name in chosen:
        started = time.perf_counter()
        found[name] = _measured(name, profile)
        seconds = time.perf_counter() - started
        console.print(f"\n{SECTIONS[name]} ({name}, {seconds:.0f} s)", highlight=False)
        for table in tables(found[name]):
            console.print(table)
        for note in notes(found[name]):
            console.print(note, highlight=False)
    told["seconds"] = time.perf_counter() - began
    console.print(f"\n{told['seconds']:.0f} s")
    if target:
        partial = target.with_suffix(".partial")
        partial.write_text(json.dumps(told, indent=1) + "\n")
        partial.replace(target)
    if any("failed" in row for rows in found.values() for row in rows):
        sys.exit(1)


def _headline(told: dict[str, Any]) -> str:
    machine, rates = told["machine"], told["rates"][0]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB; "
        f"float64 matrix product {rates['dgemm_gflops']:.1f} GFLOP/s on one thread, "
        f"copy {rates['copy_gb_per_s']:.1f} GB/s\n{versions}"
    )


def _measured(name: str, profile: str) -> list[dict[str, Any]]:
    """The rows of a section, measured by a process of its own; what failed is a row."""
    # Threads are counted by the modules that use more than one.
    environment = {**os.environ, **SINGLE}
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "rows.json"
        command = [sys.executable, "-m", "benchmarks.section", name, profile, str(target)]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if run.returncode or not target.exists():
            lines = run.stderr.strip().splitlines() or [f"exit status {run.returncode}"]
            # Libraries may write more after the line that says what went wrong.
            told = [line for line in lines if "Error" in line.partition(":")[0]] or lines
            return [{"case": name, "engine": "", "note": told[-1], "failed": True}]
        rows: list[dict[str, Any]] = json.loads(target.read_text())
        return rows


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
