"""``backchannel check CRISIS``: is the file sound?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from backchannel.faces.cli.options import Crisis, Json

if TYPE_CHECKING:
    from backchannel.spec.read import Check


def check(crisis: Crisis, json: Json = False) -> None:
    """Check a crisis file: every fault in one run, with position and repair. Exit 0 sound, 1 faults, 2 unreadable."""
    from backchannel.spec.cases import crisis_text
    from backchannel.spec.read import check_text

    found = check_text(crisis_text(crisis), crisis)
    if json:
        _print_json(crisis, found)
    else:
        _print_text(crisis, found)
    raise typer.Exit(1 if found.file is None else 0)


def _print_json(crisis: str, found: Check) -> None:
    from backchannel.faces.cli.console import print_json

    problems = [problem.to_json() for problem in found.problems]
    print_json({"format": 1, "crisis": crisis, "sound": found.file is not None, "problems": problems})


def _print_text(crisis: str, found: Check) -> None:
    from backchannel.numerics.number_format import count
    from backchannel.spec.inputs import inputs

    for problem in found.problems:
        print(problem)
    warnings = len(found.problems) - len(found.errors)
    if found.file is None:
        print(f"{crisis}: {count(len(found.errors), 'fault')}, {count(warnings, 'warning')}")
        return
    about = found.file.crisis
    numbers = inputs(about)
    judged = sum(item.is_judgement for item in numbers)
    print(
        f"{crisis}: sound. {count(len(about.actors), 'actor')}, {count(len(about.options), 'option')}, "
        f"{count(len(numbers), 'number')} ({len(numbers) - judged:,} with a source, "
        f"{judged:,} the analyst's judgement), "
        f"{count(len(about.sources), 'source')}, {count(warnings, 'warning')}."
    )
