from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import chart_samples as samples
from backchannel.errors import UnreadableFileError
from backchannel.faces.cli.charts import check_folder, write_charts
from backchannel.faces.cli.show import show
from backchannel.faces.report.answers import MOST_CHARTS, answers
from backchannel.faces.report.build import MAIN, build_briefing
from backchannel.render.chart import chart_svg
from backchannel.results.chart import Chart
from backchannel.results.result import Result
from backchannel.study.study import Study

CHARTS = (samples.cascade(), replace(samples.linkage(), alt='Where "x" < y & z opens a zone.'))


@pytest.fixture
def charted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run of the path analysis brings charts; no other analysis runs."""
    real = Study.run
    needs = Study.needs

    def run(self: Study, name: str, **params: Any) -> Result:
        result = real(self, name, **params)
        return replace(result, charts=CHARTS) if name == "paths" else result

    def lacks(self: Study, name: str) -> tuple[Any, ...]:
        return needs(self, name) if name in (*MAIN, "paths") else ("left out here",)

    monkeypatch.setattr(Study, "run", run)
    monkeypatch.setattr(Study, "needs", lacks)


def shown(folder: Path | None, **options: Any) -> None:
    show("chicken", "paths", {}, as_json=options.pop("as_json", False), charts=folder, **options)


@pytest.mark.usefixtures("charted")
def test_charts_are_written_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "charts"
    shown(folder)
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["paths-cascade.svg", "paths-linkage.svg"]
    assert (folder / "paths-cascade.svg").read_text(encoding="utf-8") == chart_svg(CHARTS[0])
    out, err = capsys.readouterr()
    assert err == f"Chart: {folder / 'paths-cascade.svg'}\nChart: {folder / 'paths-linkage.svg'}\n"
    assert "Chart:" not in out
    before = (folder / "paths-linkage.svg").read_bytes()
    (folder / "paths-linkage.svg").write_text("old")
    shown(folder)
    assert (folder / "paths-linkage.svg").read_bytes() == before


@pytest.mark.usefixtures("charted")
def test_json_stays_json_and_png_is_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown(tmp_path, as_json=True, chart_format="png")
    assert json.loads(capsys.readouterr().out)["format"] == 1
    assert (tmp_path / "paths-cascade.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_a_result_without_charts_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_charts((), "paths", tmp_path / "none", "svg")
    assert capsys.readouterr().err == f"paths has no charts here; nothing was written to {tmp_path / 'none'}\n"
    assert not (tmp_path / "none").exists()
    write_charts(CHARTS, "paths", None, "svg")
    assert capsys.readouterr().err == ""


def test_bad_folders_are_refused_before_any_work(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    for folder in (file, file / "below"):
        with pytest.raises(UnreadableFileError, match="file is a file, and charts go into a folder; give --charts"):
            check_folder(folder)
        with pytest.raises(UnreadableFileError, match="charts go into a folder"):
            show("no-such-case", "paths", {}, as_json=False, charts=folder)
    check_folder(tmp_path / "not" / "yet")
    check_folder(tmp_path / ("x" * 300))
    assert file.read_text() == "x"


def test_a_folder_that_cannot_be_written_is_an_error_with_a_repair(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"cannot be written \(.+\); give --charts a folder you may write to"):
        write_charts(CHARTS[:1], "paths", tmp_path / ("x" * 300), "svg")
    (tmp_path / "paths-cascade.svg").mkdir()
    with pytest.raises(UnreadableFileError, match=r"paths-cascade.svg cannot be written"):
        write_charts(CHARTS[:1], "paths", tmp_path, "svg")
    assert [path.name for path in tmp_path.iterdir()] == ["paths-cascade.svg"]


class Page(HTMLParser):
    """Tags of a page with their attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.usefixtures("charted")
def test_the_briefing_shows_charts_with_words_and_data() -> None:
    text = build_briefing(Study.open("chicken"))
    page = Page(text)
    figures = [about for tag, about in page.tags if tag == "figure"]
    assert [about["id"] for about in figures] == ["chart-paths-cascade", "chart-paths-linkage"]
    pictures = [about for tag, about in page.tags if tag == "svg" and about.get("role") == "img"]
    assert [about["aria-label"] for about in pictures] == [chart.alt for chart in CHARTS for _ in range(2)]
    assert {about["width"] for about in pictures} == {"720", "350"}
    ids = [about["id"] for _, about in page.tags if "id" in about]
    assert len(ids) == len(set(ids))
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "link", "object"}
    part = text.split('<figure class="chart" id="chart-paths-linkage">')[1].split("</figure>")[0]
    assert "<summary>The data of this chart</summary>" in part
    for row in CHARTS[1].table.rows:
        assert all(str(cell) in part for cell in row)


@pytest.mark.usefixtures("charted")
def test_the_briefing_with_charts_has_the_same_bytes_twice() -> None:
    assert build_briefing(Study.open("chicken")) == build_briefing(Study.open("chicken"))


@pytest.mark.usefixtures("charted")
def test_a_briefing_takes_only_so_many_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    many: tuple[Chart, ...] = tuple(replace(samples.cascade(), id=f"c{k}") for k in range(MOST_CHARTS + 2))
    monkeypatch.setitem(globals(), "CHARTS", many)
    [answer] = answers(Study.open("chicken"), MAIN)
    assert len(answer.charts) == MOST_CHARTS


def test_narrow_and_wide_pictures_never_show_together() -> None:
    from backchannel.render.html import environment

    css = environment().get_template("_style.css.j2").render()
    assert re.search(r"\.chart-narrow \{ display: none; \}", css)
    narrow = css.split("@media screen and (max-width: 40rem) {")[1].split("\n}")[0]
    assert ".chart-wide { display: none; }" in narrow
    assert ".chart-narrow { display: block; }" in narrow
