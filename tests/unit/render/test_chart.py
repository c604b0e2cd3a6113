from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree as ET

import altair as alt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import ValidationError

import chart_samples as samples
from backchannel.numerics.number_format import number
from backchannel.render.chart import altair_chart, chart_png, figure
from backchannel.render.chart import chart_svg as draw_svg
from backchannel.render.chart_draw import draw
from backchannel.render.chart_layout import footnotes, layout
from backchannel.render.chart_scale import position, ruler
from backchannel.render.chart_text import pushed_apart, spelled_out, width_of, wrap
from backchannel.render.chart_theme import AFTER_DARK, COLOURS, NARROW, PAPER, WIDE, Size, style_of
from backchannel.render.html import environment
from backchannel.results.chart import (
    Axis,
    Chart,
    Curve,
    Event,
    Layer,
    Panel,
    Range,
    lines,
    matrix,
    ranges,
    steps,
    tornado,
    utility_plane,
)
from backchannel.results.chart_packages import FRONT, OTHER
from backchannel.results.codec import dumps, loads
from backchannel.results.table import Table

CHARTS = samples.all_charts()
SVG = "{http://www.w3.org/2000/svg}"
BOTH = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
EACH = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.id)


chart_svg = cache(draw_svg)


def drawn(svg: str) -> list[tuple[ET.Element, float, float]]:
    """Elements of an SVG with the places that their own and their groups' translations give."""
    found: list[tuple[ET.Element, float, float]] = []

    def walk(element: ET.Element, x: float, y: float) -> None:
        moved = re.match(r"translate\(([-\d.e]+),([-\d.e]+)\)", element.get("transform", ""))
        if moved:
            x, y = x + float(moved[1]), y + float(moved[2])
        found.append((element, x, y))
        for child in element:
            walk(child, x, y)

    walk(ET.fromstring(svg), 0.0, 0.0)
    return found


def texts(svg: str) -> list[tuple[str, float, float, float, float]]:
    """Words with the box each fills: left, top, right, bottom."""
    found = []
    for element, x, y in drawn(svg):
        if element.tag == f"{SVG}text" and "stroke" not in element.attrib:
            letter = float(element.attrib["font-size"].removesuffix("px"))
            wide = width_of(element.text or "", letter) * 0.86
            left = {"start": x, "end": x - wide, "middle": x - wide / 2}[element.attrib["text-anchor"]]
            found.append((element.text or "", left, y - 0.75 * letter, left + wide, y + 0.2 * letter))
    return found


@EACH
@BOTH
def test_same_chart_same_bytes(chart: Chart, size: Size) -> None:
    assert chart_svg(chart, size) == draw_svg(loads(dumps(chart)), size)
    assert loads(dumps(chart)) == chart


@EACH
@BOTH
def test_svg_is_whole_and_inert(chart: Chart, size: Size) -> None:
    svg = chart_svg(chart, size)
    root = ET.fromstring(svg)
    assert root.get("viewBox") == f"0 0 {size.width} {root.get('height')}"
    assert root.findtext(f"{SVG}title") == chart.title
    assert root.findtext(f"{SVG}desc") == chart.alt
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "path", "line", "text"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name == "id" or "href" in name or name.startswith("on")}
    assert "url(" not in svg


@EACH
@BOTH
def test_words_stay_inside_and_apart(chart: Chart, size: Size) -> None:
    svg = chart_svg(chart, size)
    high = float(ET.fromstring(svg).attrib["height"])
    boxes = texts(svg)
    assert len(boxes) >= 5
    for words, left, top, right, bottom in boxes:
        assert left >= -1, words
        assert right <= size.width + 1, words
        assert top >= -1, words
        assert bottom <= high + 1, words
    for k, (words, left, top, right, bottom) in enumerate(boxes):
        for other, o_left, o_top, o_right, o_bottom in boxes[:k]:
            across, down = min(right, o_right) - max(left, o_left), min(bottom, o_bottom) - max(top, o_top)
            assert across <= 1 or down <= 1, f"{words} over {other}"


@EACH
def test_every_word_of_the_chart_is_written(chart: Chart) -> None:
    """Axis titles, names, labels, series and notes stand in the picture, however they are wrapped."""
    for size in (WIDE, NARROW):
        said = " ".join(words for words, *_ in texts(chart_svg(chart, size)))
        used = {series for panel in chart.panels for layer in panel.layers for series in layer.series}
        wanted = {chart.title, *chart.x.names, *footnotes(chart)}
        for panel in chart.panels:
            wanted |= {panel.y.heading, *panel.y.names}
        if len(used) > 1:
            wanted |= used
        for words in wanted:
            assert all(word in said for word in words.split()), words


def test_marks_stand_where_the_layout_says() -> None:
    """Vega's scales and the layout's pixels agree: otherwise words would stand beside the wrong marks."""
    chart = samples.prices()
    placed = layout(chart, WIDE, titled=True)
    plot = next(block.plot for block in placed.blocks if block.plot)
    top = sum(block.height for block in placed.blocks[: [bool(block.plot) for block in placed.blocks].index(True)])
    curves = [layer for layer in chart.panels[0].layers if layer.mark == "line"]
    colours = [style_of(layer.series[0], chart.series).colour for layer in curves]
    checked = 0
    for element, x, y in drawn(chart_svg(chart)):
        if element.tag == f"{SVG}path" and element.get("stroke") in colours and element.get("stroke-width") == "2.4":
            layer = curves[colours.index(element.get("stroke", ""))]
            corners = re.findall(r"[ML]([-\d.]+),([-\d.]+)", element.attrib["d"])
            if len(corners) != layer.size:
                continue
            for k, (across, down) in enumerate(corners):
                assert x + float(across) == pytest.approx(placed.left + plot.pixels(layer, k)[0], abs=0.6)
                assert y + float(down) == pytest.approx(top + plot.pixels(layer, k)[1], abs=0.6)
                checked += 1
    assert checked == sum(layer.size for layer in curves)


def test_hostile_words_are_only_words() -> None:
    words = '<script>alert(1)</script> & "x" ]]>'
    chart = ranges(
        "hostile",
        words,
        f"{words}.",
        value=Axis(words, words),
        rows=(Range(words, 1.0, 0.5, 2.0, series=words), Range("b", 1.0, series="</svg><img src=x>")),
        row_title=words,
    )
    for text in (chart_svg(chart), str(figure(chart, "here").wide), str(figure(chart, "here").narrow)):
        root = ET.fromstring(text)
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
            "svg",
            "title",
            "desc",
            "rect",
            "g",
            "path",
            "line",
            "text",
        }
        assert "alert(1)" in "".join(element.text or "" for element in root.iter())


def test_ids_are_spelled_out_unless_names_would_clash() -> None:
    chart = lines(
        "ids",
        "Gain of grand_swap",
        "The gain of grand_swap is one.",
        x=Axis("chance"),
        y=Axis("gain"),
        curves=(Curve("grand_swap", (0.0, 1.0), (1.0, 1.0)), Curve("Other_Name", (0.0, 1.0), (2.0, 2.0))),
    )
    assert spelled_out(chart).title == "Gain of grand swap"
    assert spelled_out(chart).series == ("grand swap", "Other_Name")
    assert figure(chart, "x").table.rows[0][0] == "grand swap"
    clash = matrix(
        "m",
        "T",
        "A.",
        rows=("a_b", "a b"),
        columns=("c",),
        cells=(("x",), ("y",)),
        row_title="r",
        column_title="c",
        strong=(),
    )
    assert spelled_out(clash) == clash


def test_numbers_are_those_of_the_one_formatter() -> None:
    words = {text for text, *_ in texts(chart_svg(samples.plane()))}
    assert {number(-40), number(20), "No deal"} <= words
    assert "−40" in words
    assert {"0 %", "20 %", "100 %"} <= {text for text, *_ in texts(chart_svg(samples.cascade()))}


def contrast(first: str, second: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_stand_out_on_paper_and_after_dark() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for colour in COLOURS:
        assert contrast(colour, PAPER) >= 3
        assert contrast(AFTER_DARK[colour], AFTER_DARK[PAPER]) >= 3
    css = environment().get_template("_style.css.j2").render()
    for colour, dark in AFTER_DARK.items():
        rule = re.search(rf'\.chart \[fill="{colour}"\] \{{ fill: var\((--\w+)\); \}}', css)
        assert rule, colour
        assert f'.chart [stroke="{colour}"] {{ stroke: var({rule[1]}); }}' in css
        values = re.findall(rf"{rule[1]}: (#\w+)", css)
        assert values[1] == dark, colour
        assert colour in (values[0], "#1d2227")


def test_series_are_told_apart_without_colour() -> None:
    names = tuple(f"s{k}" for k in range(20))
    looks = [style_of(name, names) for name in names]
    assert len({(look.shape, look.dash) for look in looks}) >= 10
    assert all(a.shape != b.shape and a.dash != b.dash for a, b in pairwise(looks[:5]))
    assert len({(look.colour, look.shape, look.dash) for look in looks}) == 20


def test_png_is_twice_as_large() -> None:
    png = chart_png(samples.cascade(), NARROW)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 2 * NARROW.width


@EACH
def test_altair_finds_no_fault_with_the_document(chart: Chart) -> None:
    """The schema is checked with two rows of each layer: more of the same kind take minutes."""
    document = draw(chart, layout(chart, WIDE, titled=True), 13)
    for stripe in document["vconcat"]:
        for layer in stripe["layer"]:
            del layer["data"]["values"][2:]
    alt.VConcatChart.from_dict(document)
    document["vconcat"][-1]["layer"][0]["mark"]["type"] = "smudge"
    with pytest.raises(ValidationError, match="was expected"):
        alt.VConcatChart.from_dict(document)


def test_altair_chart_for_a_notebook() -> None:
    made = altair_chart(samples.cascade(), NARROW)
    assert type(made).__name__ == "VConcatChart"
    assert made.to_dict()["$schema"].endswith("v6.json")


def test_drawing_is_loaded_only_when_a_chart_is_drawn() -> None:
    import subprocess
    import sys

    loaded = "print('altair' in sys.modules, 'vl_convert' in sys.modules)"
    code = f"import backchannel.faces.report.build, backchannel.render.chart, sys; {loaded}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


finite = st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-6)


@given(st.lists(finite, min_size=1, max_size=8), st.booleans(), st.sampled_from(["number", "count"]))
@settings(max_examples=120)
def test_every_value_and_tick_is_on_the_axis(values: list[float], upright: bool, scale: str) -> None:
    if scale == "count":
        values = [float(round(value)) for value in values]
    on = ruler(Axis("a", scale=scale), values, 300, upright=upright, room=50)  # type: ignore[arg-type]
    assert on.least <= min(values)
    assert on.most >= max(values)
    assert all(-1e-6 <= on.pixel(value) <= 300 + 1e-6 for value in (*values, *on.ticks))
    assert list(on.ticks) == sorted(on.ticks)
    assert 1 <= len(on.ticks) <= 9
    assert len(on.words) == len(on.ticks)
    if scale == "count":
        assert all(tick == round(tick) for tick in on.ticks)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 20_000))
@settings(max_examples=80)
def test_days_on_an_axis(first: date, days: int) -> None:
    axis = Axis("Day", scale="date")
    last = first + timedelta(days=days)
    on = ruler(axis, [first.isoformat(), last.isoformat()], 600, upright=False, room=60)
    assert on.least <= position(axis, first.isoformat()) <= on.most
    assert len(on.ticks) <= 10
    for tick, words in zip(on.ticks, on.words, strict=True):
        day = date.fromordinal(int(tick))
        assert words[0].startswith(f"{day.day} {day:%b}")
    if on.words:
        assert on.words[0][1] == str(date.fromordinal(int(on.ticks[0])).year)


def test_a_share_axis_stays_between_nothing_and_all() -> None:
    on = ruler(Axis("p", scale="share"), [0.02, 0.97], 300, upright=True, room=40, pad=0.1)
    assert (on.least, on.most) == (0.0, 1.0)
    assert on.words[0] == ("0 %",)


@given(st.lists(st.floats(0, 200), max_size=9), st.floats(1, 20))
def test_pushed_apart(places: list[float], gap: float) -> None:
    moved = pushed_apart(tuple(places), gap, 0, 200)
    order = sorted(range(len(places)), key=lambda k: (places[k], k))
    assert all(moved[b] - moved[a] >= gap - 1e-9 for a, b in pairwise(order))
    if places and min(np.diff(sorted(places)), default=gap) >= gap:
        assert moved == pytest.approx(tuple(places))


@given(st.text(st.sampled_from("abcdefgMW, "), max_size=80), st.floats(30, 200))
def test_wrap_breaks_no_wider_and_loses_nothing(text: str, width: float) -> None:
    broken = wrap(text, width, 12, most=99)
    assert all(width_of(line, 12) <= width or len(line) == 1 for line in broken)
    assert "".join(broken).replace(" ", "") == "".join(text.split())


def test_wrap_says_where_it_stops() -> None:
    assert wrap("one two three four five six", 50, 12, most=2)[-1].endswith("…")
    assert all(width_of(line, 12) <= 50 for line in wrap("one two three four five six", 50, 12, most=2))


def test_plane_accounts_for_every_package() -> None:
    values = samples.gains(4000, 2)
    front = samples.undominated(values)
    chart = utility_plane(
        "p", "T", "A.", parties=("a", "b"), gains=values, names=[str(k) for k in range(4000)], front=front
    )
    points = {layer.series[0]: layer.size for layer in chart.panels[0].layers if layer.mark == "point" and layer.series}
    left_out = int(re.match(r"([\d,]+) more packages", chart.notes[0])[1].replace(",", ""))  # type: ignore[index]
    assert points[FRONT] + points[OTHER] + left_out == 4000
    assert points[OTHER] < 1500
    line = next(layer for layer in chart.panels[0].layers if layer.mark == "line")
    assert list(line.x) == sorted(line.x)
    assert list(line.y) == sorted(line.y, reverse=True)
    assert len(chart.table.rows) == front.sum()


def test_solutions_that_agree_share_a_mark() -> None:
    chart = utility_plane(
        "p",
        "T",
        "A.",
        parties=("a", "b"),
        gains=[[1, 2], [2, 1], [1, 2]],
        names=("one", "two", "three"),
        front=[True, True, True],
        marked={"Nash": (0, 2), "Equal gains": (2,), "Utilitarian": (1,)},
    )
    labels = [layer.label for layer in chart.panels[0].layers if layer.label]
    assert labels == [("Nash, Equal gains", "Utilitarian"), ("No deal",)]
    assert [row[-1] for row in chart.table.rows] == ["Nash", "Utilitarian", "Nash, Equal gains"]


def test_table_of_a_share_is_in_percent_like_the_axis() -> None:
    table = samples.cascade().table
    assert table.columns[2].unit == "%"
    assert table.column("sum") == pytest.approx((15, 40, 75, 85))


def test_steps_start_where_the_last_one_ended() -> None:
    bars = next(layer for layer in samples.cascade().panels[0].layers if layer.mark == "bar")
    assert bars.x == (0.0, *bars.x_end[:-1])
    assert bars.label == ("15 %", "40 %", "75 %", "85 %")


def test_tornado_puts_the_widest_first() -> None:
    rows = samples.sensitivity().table.rows
    widths = [max(row[3:6]) - min(row[3:6]) for row in rows]  # type: ignore[type-var, operator]
    assert widths == sorted(widths, reverse=True)
    with pytest.raises(ValueError, match="needs a centre and both ends"):
        tornado("t", "T", "A.", value=Axis("v"), rows=(Range("a", 1.0, 0.0),), row_title="r")


def test_schedule_says_who_delivers_and_what_is_at_stake() -> None:
    table = samples.delivery().table
    assert table.rows[2] == (2, "Stop the oil swaps", "Lift sanctions on the bank", 6, 12)
    assert table.rows[3][1] == "Stop the oil swaps"


def test_events_are_numbered_and_dated_below() -> None:
    notes = footnotes(samples.beliefs())
    assert notes[0] == "1 (27 March 2019): The president says Russia has to get out"
    assert len(notes) == 3
    assert {"1", "2", "3"} <= {words for words, *_ in texts(chart_svg(samples.beliefs()))}


def test_a_band_of_a_step_curve_has_steps() -> None:
    curve = Curve("c", (0.0, 1.0, 2.0), (1.0, 2.0, 3.0), (0.0, 1.0, 2.0), (2.0, 3.0, 4.0), step=True)
    chart = lines("b", "T", "A.", x=Axis("x"), y=Axis("y"), curves=(curve,), events=(Event(1.0, "half way"),))
    band = next(layer for layer in chart.panels[0].layers if layer.mark == "band")
    assert band.x == (0.0, 1.0, 1.0, 2.0, 2.0)
    assert band.y == (0.0, 0.0, 1.0, 1.0, 2.0)
    assert footnotes(chart) == ("1 (1): half way",)


def blank(**changes: object) -> Chart:
    parts = {
        "id": "c",
        "title": "T",
        "alt": "A.",
        "x": Axis("x"),
        "panels": (Panel(Axis("y"), (Layer("point", (1.0,), (2.0,)),)),),
        "table": Table("t", "T", (), ()),
    }
    return Chart(**{**parts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "a b"}, '"a b" is no chart id'),
        ({"alt": "no stop"}, "alt text that is a sentence"),
        ({"title": ""}, "needs a title"),
        ({"x": Axis("x", scale="name", names=("n",))}, 'axis "x" has no name "1.0"'),
        ({"panels": (Panel(Axis("y"), (Layer("point", (1.0,), (math.nan,)),)),)}, "takes finite numbers, got nan"),
        ({"panels": (Panel(Axis("y"), (Layer("point", (1.0,), (1.0,), series=("s",)),)),)}, r"no series \['s'\]"),
    ],
)
def test_a_chart_that_is_not_sound_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        blank(**changes)


def test_a_layer_that_is_not_sound_is_refused() -> None:
    with pytest.raises(ValueError, match="columns of a line layer differ in length"):
        Layer("line", (1.0, 2.0), (1.0,))
    with pytest.raises(ValueError, match="a point needs both x and y"):
        Layer("point", (1.0,))
    with pytest.raises(ValueError, match='axis "a" has a name twice'):
        steps("s", "T", "A.", value=Axis("v"), names=("n", "n"), gains=(1, 2), row_title="a")
    with pytest.raises(ValueError, match=r"expected \(packages, 2\)"):
        utility_plane("p", "T", "A.", parties=("a", "b"), gains=[1, 2], names="ab", front=[True, True])


def test_one_value_alone_can_be_drawn() -> None:
    for chart in (blank(), replace(blank(), x=Axis("x", scale="share", least=0, most=1))):
        assert ET.fromstring(chart_svg(chart)).tag == f"{SVG}svg"


def test_an_end_just_beyond_a_tick_is_on_the_axis() -> None:
    on = ruler(Axis("a"), [0.03125, -120120121.0], 300, upright=True, room=50)
    assert on.most >= 0.03125
    assert on.ticks[-1] == 0
