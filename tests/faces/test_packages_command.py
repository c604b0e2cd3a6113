"""The command ``packages``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backchannel.errors import CrisisFileError, UnreadableFileError
from backchannel.faces.cli.app import app
from genius_domains import TABLES, domain, profile

RUNNER = CliRunner()


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    table = TABLES["england-zimbabwe"]
    (tmp_path / "domain.xml").write_text(domain(table))
    for party in table["parties"]:
        (tmp_path / f"{party}.xml").write_text(profile(table, party))
    return [str(path) for path in sorted(tmp_path.iterdir())]


def test_genius_files_and_their_export_give_the_same(files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "packages.json"
    first = RUNNER.invoke(app, ["packages", *files, "--json", "--export", str(out)])
    second = RUNNER.invoke(app, ["packages", str(out), "--json"])
    assert first.exit_code == second.exit_code == 0
    assert first.output == second.output
    found = json.loads(first.output)
    assert (found["route"], found["size"], found["acceptable"], found["front_size"]) == ("enumeration", 576, 576, 25)
    nash = found["solutions"]["nash"]
    assert nash["packages"][0]["gains"] == pytest.approx({"England": 0.9109, "Zimbabwe": 0.7332}, abs=5e-5)
    assert nash["complete"]
    assert nash["packages"][0]["levels"] == {
        "fund": "10",
        "other aid": "cut",
        "trade of Zimbabwe": "higher tariffs",
        "trade of England": "more imports",
        "forum": "committee on fund",
    }


def test_text_names_zone_front_and_solutions(files: list[str]) -> None:
    shown = RUNNER.invoke(app, ["packages", *files]).output
    assert "576 packages; the rules allow 576. Found by enumeration." in shown
    assert "25 packages on the front." in shown
    assert "Kalai-Smorodinsky" in shown


def test_program_says_it_has_no_front(files: list[str]) -> None:
    shown = RUNNER.invoke(app, ["packages", *files, "--route", "program"]).output
    assert "The front was not computed" in shown
    assert "how many was not counted" in shown


def test_an_empty_zone_says_what_is_missing(tmp_path: Path) -> None:
    problem = {
        "format": 1,
        "parties": ["A", "B"],
        "issues": {"x": ["no", "yes"]},
        "no_deal": {"A": 1, "B": 0},
        "factors": [{"issues": ["x"], "worth": {"A": {"yes": 4}, "B": {"yes": -2}}}],
    }
    (tmp_path / "x.json").write_text(json.dumps(problem))
    shown = " ".join(RUNNER.invoke(app, ["packages", str(tmp_path / "x.json")]).output.split())
    assert "No package is acceptable to all. The nearest falls short by 1 points in all" in shown
    assert "side payments of 2 points would make a package acceptable to all" in shown


def test_faults_and_existing_files_stop_it(files: list[str], tmp_path: Path) -> None:
    found = RUNNER.invoke(app, ["packages", files[0]])
    assert isinstance(found.exception, CrisisFileError)
    again = RUNNER.invoke(app, ["packages", *files, "--export", files[0]])
    assert isinstance(again.exception, UnreadableFileError)
    assert "add --force" in str(again.exception)
