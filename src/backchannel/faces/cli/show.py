"""Run one analysis and print it: findings and tables as text, the first table as CSV, or its JSON document.

With ``charts`` its charts are written as files too, whatever is printed.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from backchannel.faces.cli.options import read_as_of, read_dials


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
    as_of: str = "",
    charts: Path | None = None,
    chart_format: Literal["svg", "png"] = "svg",
) -> None:
    """Run a registered analysis on a crisis and print the result."""
    from backchannel.analyses.registry import entry
    from backchannel.faces.cli.charts import check_folder, write_charts
    from backchannel.faces.cli.console import console, print_json, progress
    from backchannel.render.text import print_findings, print_table
    from backchannel.spec.as_of import as_read, replay
    from backchannel.spec.cases import open_crisis
    from backchannel.study.study import Study

    day = read_as_of(as_of)
    check_folder(charts)
    with progress(name) as report:
        study = Study.open(
            crisis, variant=variant, dials=read_dials(dial), seed=seed, draws=draws, as_of=day, report=report
        )
        result = study.run(name, **params)
    write_charts(result.charts, name, charts, chart_format)
    if as_json:
        print_json(import_module(entry(name).module).document(result))
        return
    if as_csv:
        print(result.tables[0].to_csv(), end="")
        return
    out = console()
    out.print(result.provenance.title, style="bold")
    if day is not None:
        out.print(as_read(replay(open_crisis(crisis).crisis, day)), style="dim")
    print_findings(out, result.findings)
    for table in result.tables:
        if table.rows:
            out.print()
            print_table(out, table, result.provenance.draws)
