"""One plot of a chart at one width: its rulers, and what can be read off its marks. Nothing is drawn here."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.render.chart_scale import Ruler, position
from backchannel.render.chart_theme import Size
from backchannel.results.chart import Chart, Layer, Panel

SLIM = 0.34
"""Half the height of a bar, in rows of a name axis."""
LINES = ("line", "step")
MOST_THICK = 8
"""Lines of one layer that are drawn thick."""


@dataclass(frozen=True)
class Plot:
    """A panel with its rulers in pixels."""

    chart: Chart
    panel: Panel
    size: Size
    x: Ruler
    y: Ruler

    def pixels(self, layer: Layer, k: int) -> tuple[float, float]:
        """Return where a mark of a layer stands; a rule right across stands at the left or the top."""
        x = self.x.pixel(position(self.chart.x, layer.x[k])) if layer.x else 0.0
        y = self.y.pixel(self.row(layer, k)) if layer.y else 0.0
        return x, y

    def row(self, layer: Layer, k: int) -> float:
        """Return the y of a mark; on a name axis the series of one name stand one under the other."""
        at = position(self.panel.y, layer.y[k])
        return at + self.shift(layer, k) if self.panel.y.scale == "name" else at

    def shift(self, layer: Layer, k: int) -> float:
        """Return how far a mark stands off the middle of its row, for the sake of the other series in it."""
        series = beside(self.panel)
        if not layer.series or layer.mark not in ("point", "rule") or len(series) < 2 or layer.series[k] not in series:
            return 0.0
        return (series.index(layer.series[k]) - (len(series) - 1) / 2) * min(0.26, 0.8 / len(series))


def beside(panel: Panel) -> tuple[str, ...]:
    """Return the series that share rows of a name axis, in order; none where each row has one series."""
    if panel.y.scale != "name":
        return ()
    pairs = {
        (row, series): None
        for layer in panel.layers
        if layer.mark in ("point", "rule") and layer.y
        for row, series in zip(layer.y, layer.series, strict=False)
    }
    rows = [row for row, _ in pairs]
    return tuple(dict.fromkeys(series for _, series in pairs)) if len(set(rows)) < len(rows) else ()


def is_crowded(layer: Layer) -> bool:
    """Return whether a layer has so many lines that each is drawn thin and without dashes."""
    return layer.mark in LINES and len(set(zip(layer.series, layer.part, strict=False))) > MOST_THICK


def ends(plot_layers: tuple[Layer, ...]) -> dict[str, tuple[Layer, int]]:
    """Return the last corner of each series that is drawn as one line: its layer and its place in it."""
    found: dict[str, tuple[Layer, int]] = {}
    parts: dict[str, set[str]] = {}
    for layer in plot_layers:
        if layer.mark not in LINES or layer.quiet or not layer.series:
            continue
        for k, series in enumerate(layer.series):
            found[series] = (layer, k)
            parts.setdefault(series, set()).add(f"{id(layer)} {layer.part[k] if layer.part else ''}")
    return {series: place for series, place in found.items() if len(parts[series]) == 1}
