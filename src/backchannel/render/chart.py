"""Charts to SVG and PNG. vl-convert is loaded when a chart is drawn, Altair when a notebook asks for its kind of chart.

The same chart gives the same bytes. Words come escaped, nothing is fetched, and no script is inside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from backchannel.render.chart_draw import VEGA_LITE, draw
from backchannel.render.chart_layout import Layout, footnotes, layout
from backchannel.render.chart_text import spelled_out
from backchannel.render.chart_theme import NARROW, PAPER, WIDE, Size
from backchannel.results.chart import Chart
from backchannel.results.table import Table

PNG_SCALE = 2.0
_ROLES = re.compile(r' (?:role|aria-[a-z]+|class)="[^"]*"')
"""What a reader of the screen need not hear of the parts: the whole has one text."""
_FIRST_TAG = re.compile(r"<svg [^>]*>(<rect [^>]*/>)?")


@dataclass(frozen=True)
class Figure:
    """A chart for a page: its SVG at two widths, its words, and its data as a table.

    Parameters
    ----------
    anchor
        Its id in the page.
    title
        Of the chart.
    wide, narrow
        SVG to be written into the page as it stands; it carries the alt text.
    notes
        Lines below.
    table
        What is drawn.
    """

    anchor: str
    title: str
    wide: Markup
    narrow: Markup
    notes: tuple[str, ...]
    table: Table


def chart_svg(chart: Chart, size: Size = WIDE) -> str:
    """Return a chart as the text of an SVG file, with its title, events and notes."""
    chart = spelled_out(chart)
    placed = layout(chart, size, titled=True)
    name = f"<title>{escape(chart.title)}</title><desc>{escape(chart.alt)}</desc>"
    paper = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    return f'{_opening(size, placed)} role="img">{name}{paper}{_drawn(chart, placed, size)}\n'


def chart_png(chart: Chart, size: Size = WIDE) -> bytes:
    """Return a chart as a PNG picture, two pixels to one of the SVG."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(chart_svg(chart, size), scale=PNG_SCALE))


def figure(chart: Chart, place: str) -> Figure:
    """Return a chart for a page; ``place`` is where in the page, so that its id is its own."""
    chart = spelled_out(chart)
    wide, narrow = (_inline(chart, size) for size in (WIDE, NARROW))
    return Figure(f"chart-{place}-{chart.id}", chart.title, wide, narrow, footnotes(chart), chart.table)


def altair_chart(chart: Chart, size: Size = WIDE) -> Any:
    """Return a chart as an Altair chart, for a notebook. Altair checks it against the schema of Vega-Lite."""
    import altair as alt

    chart = spelled_out(chart)
    return alt.VConcatChart.from_dict(draw(chart, layout(chart, size, titled=True), size.letter))


def _inline(chart: Chart, size: Size) -> Markup:
    placed = layout(chart, size, titled=False)
    return Markup(f'{_opening(size, placed)} role="img" aria-label="{escape(chart.alt)}">{_drawn(chart, placed, size)}')


def _opening(size: Size, placed: Layout) -> str:
    wide, high = f"{size.width:.0f}", f"{placed.height:.0f}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'


def _drawn(chart: Chart, placed: Layout, size: Size) -> str:
    """Return what stands inside the SVG, its closing tag included; it has no ids and refers to nothing."""
    import vl_convert

    document = draw(chart, placed, size.letter) | {"autosize": {"type": "none"}}
    svg = vl_convert.vegalite_to_svg(document, vl_version=VEGA_LITE)
    return re.sub(r"<[^>]*>", lambda tag: _ROLES.sub("", tag[0]), _FIRST_TAG.sub("", svg, count=1))
