"""Results as HTML. The same partials make the page, the briefing and what a notebook shows."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from backchannel.numerics.number_format import count, number, signed
from backchannel.render.cells import NOT, YES, cell_text, heading
from backchannel.render.words import capitalised
from backchannel.results.finding import TAG_WORDS, Finding
from backchannel.results.table import Table


@cache
def environment() -> Environment:
    """Return the templates: everything is escaped, and a name a template does not know is an error."""
    made = Environment(
        loader=PackageLoader("backchannel.render"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters.update(number=number, signed=signed, address=address, first_capital=capitalised)
    made.globals.update(cell_text=cell_text, heading=heading, count=count, TAG_WORDS=TAG_WORDS, YES=YES, NOT=NOT)
    return made


def address(url: str | None) -> str:
    """Return an address a reader may follow: http and https only, else nothing."""
    return url if url and url.lower().startswith(("https://", "http://")) else ""


def table_html(table: Table, draws: int = 0) -> str:
    """Write a table: caption, headings with scope, marks as words, numbers to the right; it scrolls by itself."""
    return _macro("table", table, draws)


def finding_html(finding: Finding) -> str:
    """Write one finding: its sentence, its tag in words, and what would change it."""
    return _macro("finding", finding)


def findings_html(findings: tuple[Finding, ...]) -> str:
    """Write findings as a list, most important first."""
    return _macro("findings", findings)


def page_html(template: str, **content: Any) -> str:
    """Fill a page template. The same content gives the same bytes."""
    return environment().get_template(template).render(**content)


def _macro(name: str, *values: Any) -> str:
    return str(getattr(environment().get_template("_results.html.j2").module, name)(*values))
