"""The commands and their options; everything heavy is imported when it is used."""

from __future__ import annotations

import difflib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

__all__ = ["commands", "main", "run"]

REFUTED, USAGE, UNDECIDED, NOTHING = 1, 2, 3, 5
INTERRUPTED, READER_LEFT = 130, 141


class _InterruptedError(Exception):
    """Ctrl-C, told apart from what click makes of it (an empty line); says what is kept."""


def _die_of_broken_pipe() -> NoReturn:
    """End as other programs do when their reader has seen enough (`| head`): silently.

    click and rich would end with 1, which says refuted here.  The signal itself is not enough:
    a pipe to a process of `verify` that has ended raises it too.
    """
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.raise_signal(signal.SIGPIPE)
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (what is buffered still needs a file)
    sys.exit(READER_LEFT)


LAZY = {
    "check": ("checking", "Check the equations of LaTeX manuscripts against the claims."),
    "latex": ("typesetting", "The equation as LaTeX, from the very object that is checked."),
    "report": ("reporting", "One HTML page: claims, evidence, counterexamples, errata..."),
}
"""Commands whose modules, with ``command`` in them, are imported when they are used, and what
`--help` tells of them without.
"""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *LAZY})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return _own(LAZY[name][0]) if name in LAZY else super().get_command(ctx, name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line a command; none is imported for that."""
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (n, LAZY[n][1] if n in LAZY else self.commands[n].get_short_help_str(room))
                    for n in names
                ]
            )

    def make_context(self, *given: Any, **named: Any) -> click.Context:
        try:
            return super().make_context(*given, **named)
        except BrokenPipeError:
            _die_of_broken_pipe()

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = difflib.get_close_matches(name, self.list_commands(ctx), n=1)
            hint = f"did you mean {near[0]}?" if near else "see `lemmata --help`"
            raise click.UsageError(f"command: {name!r} is unknown: {hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stopped:
            raise _InterruptedError(*stopped.args) from None
        except BrokenPipeError:
            _die_of_broken_pipe()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@click.version_option(package_name="lemmata")
@click.pass_context
def commands(context: click.Context) -> int:
    """Derive, verify, typeset and keep true the equations of deep learning theory."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        return USAGE
    return 0


def _on_device(command: Callable[..., int]) -> Callable[..., int]:
    choice = click.Choice(["cpu", "cuda"])
    return click.option("--device", type=choice, default="cpu", help="Default: cpu.")(command)


def _require(device: str) -> None:
    """One clear line, and nothing begun, where the device cannot be used."""
    if device != "cpu":
        from lemmata.numerics.engines import device_problem

        problem = device_problem(device)
        if problem:
            raise click.UsageError(f"device: {device}: {problem}")


def _refuse_cuda(device: str, why: str) -> None:
    if device != "cpu":
        raise click.UsageError(f"device: {device}: {why}: use --device cpu")


@commands.command("list")
@click.argument("patterns", nargs=-1)
def list_(patterns: tuple[str, ...]) -> int:
    """What is claimed: ids and one line each."""
    from .listing import list_claims

    return list_claims(patterns)


@commands.command()
@click.argument("claim")
def show(claim: str) -> int:
    """One claim: statement, domain, source, derivation, what it rests on."""
    from .listing import show_claim

    return show_claim(claim)


@commands.command()
@click.argument("patterns", nargs=-1)
@click.option("--profile", type=click.Choice(["quick", "full", "thorough"]), default="full")
@click.option("--jobs", type=click.IntRange(1), default=None, help="Processes (default: cores).")
@click.option("--seed", type=click.IntRange(0), default=0, help="Seed of all random numbers.")
@click.option("--json", "json_file", metavar="FILE", help="Write a JSON report; - is stdout.")
@click.option("--junit", metavar="FILE", help="Write a JUnit XML report; - is stdout.")
@_on_device
def verify(
    patterns: tuple[str, ...],
    profile: str,
    jobs: int | None,
    seed: int,
    json_file: str | None,
    junit: str | None,
    device: str,
) -> int:
    """Every claim, every evidence, a verdict, an exit code.

    Exit codes: 0 all as expected, 1 refuted, 3 undecided or vacuous, 5 nothing matched.  The
    table goes to stdout, or to stderr when a report goes to stdout.
    """
    _require(device)
    from .verifying import run

    return run(patterns, profile, jobs, seed, json_file, junit, device)


@commands.command()
@click.argument("claim")
@click.argument("inputs", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--digits", type=int, default=30, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(claim: str, inputs: tuple[str, ...], digits: int, as_json: bool) -> int:
    """A certified number: value and radius."""
    from .evaluating import run

    return run(claim, inputs, digits, as_json)


DEEP = ("depth", "products", "isometry", "table", "gain")
"""Experiments on deep networks: ``command`` of the modules ``simulating_NAME``."""


class _Simulate(click.Command):
    """`simulate TABLE`, and beside it experiments that have options of their own."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> click.Context:
        if args[:1] == ["tree"] or (args[:1] and args[0] in DEEP):
            own = simulate_tree if args[0] == "tree" else _own(f"simulating_{args[0]}")
            return own.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


def _own(module: str) -> click.Command:
    from importlib import import_module

    command: click.Command = import_module(f".{module}", __package__).command
    return command


@commands.command(cls=_Simulate)
@click.argument("table")
@click.option("--hidden", type=click.IntRange(1), default=16, show_default=True,
              help="Hidden units.")
@click.option("--start-scale", type=float, default=1e-3, show_default=True,
              help="Initial strength a_0 of every mode; the random start is as large.")
@click.option("--tau", type=float, default=1.0, show_default=True, help="Time constant.")
@click.option("--until", type=float, help="Last time (default: the weakest mode is learned).")
@click.option("--times", type=click.IntRange(2), default=81, show_default=True,
              help="Recorded times from 0 to the last.")
@click.option("--updates", type=click.IntRange(1),
              help="Updates of the coarsest of three descents (default: at least 1000).")
@click.option("--convention", type=click.Choice(["average", "sum"]), default="average",
              show_default=True, help="Correlations: averages over the items, or sums.")
@click.option("--seed", type=click.IntRange(0), default=0, help="Seed of all random numbers.")
@click.option("--json", "json_file", metavar="FILE", help="Write a JSON report; - is stdout.")
@click.option("--plot", metavar="FILE", help="Draw a figure: .png, .pdf or .svg.")
@_on_device
def simulate(json_file: str | None, plot: str | None, device: str, **settings: Any) -> int:
    """Train the network on TABLE; theory over simulation, mode by mode.

    TABLE is `animals`, the shipped one, or a CSV file: item names in the first column, property
    names in the first line, numbers.  Exit codes: 0 every difference is explained by its error
    budget, 1 one contradicts the theory, 3 the budgets cannot decide.

    `lemmata simulate tree --help`: on features sampled from a tree of items instead.  Experiments
    on deep networks, each with a --help of its own: `simulate depth` (training time against
    depth), `products` and `isometry` (singular values), `table` (30 layers, four starts), `gain`
    (test error against the size of the initial weights).
    """
    _refuse_cuda(device, "training on a GPU is not available yet")
    from .simulating import run

    return run(json_file=json_file, plot=plot, **settings)


@click.command("tree")
@click.option("--branching", metavar="B,B,...", help="Children of the nodes of each level.")
@click.option("--epsilon", metavar="E,E,...",
              help="Flip probability of the links of each level, or one for all.")
@click.option("--tree", metavar="FILE", help="Any tree, as nested lists in a JSON file.")
@click.option("--features", type=click.IntRange(1), default=1000, show_default=True,
              help="Features N sampled by the branching diffusion.")
@click.option("--hidden", type=click.IntRange(1),
              help="Hidden units (default: 128, or 64 more than items).")
@click.option("--start-scale", type=float, default=1e-3, show_default=True,
              help="Initial strength a_0 of every mode; the random start is as large.")
@click.option("--tau", type=float, default=1.0, show_default=True, help="Time constant.")
@click.option("--until", type=float, help="Last time (default: the weakest level is learned).")
@click.option("--times", type=click.IntRange(2), default=81, show_default=True,
              help="Recorded times from 0 to the last.")
@click.option("--orders", type=click.IntRange(1), metavar="TRIALS",
              help="Also sample so often, and count how often a finer split is stronger.")
@click.option("--seed", type=click.IntRange(0), default=0, help="Seed of all random numbers.")
@click.option("--json", "json_file", metavar="FILE", help="Write a JSON report; - is stdout.")
@click.option("--plot", metavar="FILE",
              help="Simulation beside analytics, in six panels: .png, .pdf or .svg.")
@click.option("--figures", metavar="FOLDER",
              help="Write all figures there: modes, scaling, unfolding, similarities, ...")
def simulate_tree(**settings: Any) -> int:
    """Train the network on features sampled from a tree; theory beside simulation, by level.

    The tree is regular, --branching 2,2 --epsilon 0.1, or any one in a JSON file: nested lists of
    links [epsilon, node], a leaf is [] or a name; or an object with "tree" (nested lists), "B" or
    "parents" (an object: the node above each node) and "epsilon" (one, one per level).  Exit codes:
    0 every difference is explained by its error budget and the features follow the tree, 1 the
    simulation contradicts the theory, 3 the budgets cannot decide.
    """
    from .simulating_tree import run

    return run(**settings)


@commands.command()
@click.argument("table")
@click.option("--categories", metavar="FILE",
              help="Categories: a CSV file, items in the first column, categories beside them.")
@click.option("--category-column", metavar="NAME", multiple=True,
              help="A column of TABLE that names categories; may be given again.")
@click.option("--similarity/--no-similarity", default=None,
              help="TABLE is a similarity matrix, or not (default: symmetric, equal names).")
@click.option("--start-scale", type=float, default=1e-3, show_default=True,
              help="Initial strength a_0 of every mode.")
@click.option("--tau", type=float, default=1.0, show_default=True, help="Time constant.")
@click.option("--convention", type=click.Choice(["average", "sum"]), default="average",
              show_default=True, help="Correlations: averages over the items, or sums.")
@click.option("--criterion", default="fraction", show_default=True, metavar="WHICH",
              help="Learned at: fraction (half of the final strength), fraction=C, absolute=A.")
@click.option("--top", type=click.IntRange(0), default=10, show_default=True,
              help="Illusory correlations that are listed.")
@click.option("--least-height", type=float,
              help="Height from which they count (default: 1/20 of the range of the table).")
@click.option("--seed", type=click.IntRange(0), default=0, help="Seed of all random numbers.")
@click.option("--json", "json_file", metavar="FILE", help="Write a JSON report; - is stdout.")
@click.option("--plot", metavar="FILE", help="Draw all on one page: .png, .pdf or .svg.")
@click.option("--figures", metavar="DIR", help="Draw each figure as a .png file in a folder.")
def analyze(**settings: Any) -> int:
    """What theory predicts of TABLE: modes, order of learning, structure, categories, illusions.

    TABLE is `animals`, or a CSV file of items by properties (as `simulate` reads) or of
    similarities.  Exit codes: 0 it ran, 2 the table or a setting is refused.
    """
    from .analyzing import run

    return run(**settings)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line on ``arguments``, those of this process by default.

    Returns the exit code; bad input and Ctrl-C end in one line on stderr.
    """
    try:
        code = commands(arguments, prog_name="lemmata", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"lemmata: {' '.join(error.format_message().split())}", err=True)
        return USAGE
    except (click.Abort, _InterruptedError) as stopped:
        kept = str(stopped) or "no report is half written"
        click.echo(f"lemmata: interrupted: {kept}", err=True)
        return INTERRUPTED
    return int(code or 0)


def main() -> None:
    """Entry point."""
    sys.exit(run())
