"""Run one analysis and print it: findings and tables as text, the first table as CSV, or its JSON document."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from backchannel.faces.cli.options import read_dials


def show(
    crisis: str,
    name: str,
    params: dict[str, Any],
    *,
    as_json: bool,
    as_csv: bool = False,
    variant: str = "",
    dial: list[str] | None = None,
    seed: int = 0,
    draws: int = 0,
) -> None:
    """Run a registered analysis on a crisis and print the result."""
    from backchannel.analyses.registry import entry
    from backchannel.faces.cli.console import console, print_json, progress
    from backchannel.render.text import print_findings, print_table
    from backchannel.study.study import Study

    with progress(name) as report:
        study = Study.open(crisis, variant=variant, dials=read_dials(dial), seed=seed, draws=draws, report=report)
        result = study.run(name, **params)
    if as_json:
        print_json(import_module(entry(name).module).document(result))
        return
    if as_csv:
        print(result.tables[0].to_csv(), end="")
        return
    out = console()
    out.print(result.provenance.title, style="bold")
    print_findings(out, result.findings)
    for table in result.tables:
        if table.rows:
            out.print()
            print_table(out, table, result.provenance.draws)
