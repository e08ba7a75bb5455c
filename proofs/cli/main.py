"""The commands and their options; everything heavy is imported when it is used."""

from __future__ import annotations

import sys

import click

__all__ = ["main"]

REFUTED, USAGE, UNDECIDED, NOTHING, INTERRUPTED = 1, 2, 3, 5, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lemmata")
def commands() -> None:
    """Derive, verify, typeset and keep true the equations of deep learning theory."""


@commands.command("list")
@click.argument("patterns", nargs=-1)
def list_(patterns: tuple[str, ...]) -> None:
    """What is claimed: ids and one line each."""
    from .listing import list_claims

    sys.exit(list_claims(patterns))


@commands.command()
@click.argument("claim")
def show(claim: str) -> None:
    """One claim: statement, domain, source, derivation, what it rests on."""
    from .listing import show_claim

    sys.exit(show_claim(claim))


@commands.command()
@click.argument("patterns", nargs=-1)
@click.option("--profile", type=click.Choice(["quick", "full", "thorough"]), default="full")
@click.option("--jobs", type=click.IntRange(1), default=None, help="Processes (default: cores).")
@click.option("--seed", type=click.IntRange(0), default=0, help="Seed of all random numbers.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False), help="Write a report.")
@click.option("--junit", type=click.Path(dir_okay=False), help="Write a JUnit XML report.")
def verify(
    patterns: tuple[str, ...],
    profile: str,
    jobs: int | None,
    seed: int,
    json_file: str | None,
    junit: str | None,
) -> None:
    """Every claim, every evidence, a verdict, an exit code (0, 1 refuted, 3 undecided)."""
    from .verifying import run

    sys.exit(run(patterns, profile, jobs, seed, json_file, junit))


@commands.command()
@click.argument("claim")
@click.argument("inputs", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--digits", type=int, default=30, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(claim: str, inputs: tuple[str, ...], digits: int, as_json: bool) -> None:
    """A certified number: value and radius."""
    from .evaluating import run

    sys.exit(run(claim, inputs, digits, as_json))


@commands.command()
@click.argument("claims", nargs=-1, required=True)
@click.option("--derivation", is_flag=True, help="Also the steps, with their reasons.")
def latex(claims: tuple[str, ...], derivation: bool) -> None:
    """The equation as LaTeX, from the very object that is checked."""
    from .listing import print_latex

    sys.exit(print_latex(claims, derivation))


def main() -> None:
    """Entry point; bad input and Ctrl-C end in one line and an exit code."""
    try:
        commands(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        click.echo(f"lemmata: {error.format_message()}", err=True)
        sys.exit(USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("lemmata: interrupted, nothing was written", err=True)
        sys.exit(INTERRUPTED)
