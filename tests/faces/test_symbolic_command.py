"""The symbolic command as a reader meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from backchannel.faces.cli.app import app
from linked_games import chain

RUN = CliRunner()


@pytest.fixture
def large(tmp_path: Path) -> str:
    path = tmp_path / "large.yaml"
    path.write_text(yaml.safe_dump(chain(21)[0], sort_keys=False), encoding="utf-8")
    return str(path)


def test_text(large: str) -> None:
    done = RUN.invoke(app, ["symbolic", large])
    assert done.exit_code == 0
    assert "22 Nash equilibria among 4,398,046,511,104 states; the search proves" in done.stdout
    assert "a0, b0, a1, b1" in done.stdout


def test_json(large: str) -> None:
    document = json.loads(RUN.invoke(app, ["symbolic", large, "--json", "--at-most", "3"]).stdout)
    assert (document["status"], document["complete"], len(document["equilibria"])) == ("first", False, 3)


def test_one_state(large: str) -> None:
    done = RUN.invoke(app, ["symbolic", large, "--check", "today", "--concept", "seq"])
    assert done.exit_code == 0
    assert "holds by sequential stability" in done.stdout
