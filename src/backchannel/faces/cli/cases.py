"""``backchannel cases``: the crises that ship with the package."""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.options import Json


def cases(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Print the file of this case.")] = "",
    json: Json = False,
) -> None:
    """List the bundled cases, or print the file of one."""
    from backchannel.faces.cli.console import print_json
    from backchannel.spec.cases import case_names, case_text, open_crisis

    if name:
        print(case_text(name), end="")
        return
    rows = []
    for case in case_names():
        crisis = open_crisis(case).crisis
        rows.append(
            {
                "name": case,
                "title": crisis.title,
                "actors": len(crisis.actors),
                "options": len(crisis.options),
            }
        )
    if json:
        print_json({"format": 1, "cases": rows})
        return
    width = max(len(str(row["name"])) for row in rows)
    for row in rows:
        print(f"{row['name']:<{width}}  {row['title']}")
