"""``stability --concepts``: words, JSON and refusals on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backchannel", "stability", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def document(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_concepts_asked_for_and_no_others() -> None:
    found = document("cuba-1962", "--concepts", "nash,seq,sim,limited,non_myopic", "--horizon", "2")["concepts"]
    assert list(found) == ["nash", "seq", "sim", "limited", "non_myopic"]
    assert found["limited"]["horizon"] == 2
    assert found["limited"]["equilibria"] == found["seq"]["equilibria"] == ["no,no,yes,no", "no,yes,yes,no"]
    assert found["non_myopic"]["equilibria"] == ["no,no,yes,no"]
    assert found["non_myopic"]["settles"] is True


def test_why_tells_the_line_of_play() -> None:
    done = run("cuba-1962", "--why", "today", "--concepts", "sim,limited", "--horizon", "2")
    words = " ".join(done.stdout.split())
    assert "Limited-move stability, 2 moves ahead, reading worst (limited): standoff is not stable" in words
    assert "United States would strike the missile sites from the air" in words
    assert "Soviet Union would then withdraw the missiles, and there it would end" in words
    assert "nothing that others might do at the same moment would take the gain away" in words


def test_why_json_carries_lines_and_joint_ends() -> None:
    found = document("chicken", "--why", "both_swerve", "--concepts", "sim,limited,non_myopic", "--horizon", "3")
    by_concept = {entry["concept"]: entry for entry in found["verdicts"] if entry["actor"] == "row"}
    (answer,) = by_concept["sim"]["improvements"]
    assert answer["sanction"] == [{"actor": "column", "from": "yes,yes", "to": "yes,no"}]
    assert answer["end"] == "no,no"
    (answer,) = by_concept["limited"]["improvements"]
    assert by_concept["limited"]["stable"] is True
    assert by_concept["limited"]["horizon"] == 3
    assert [step["to"] for step in answer["line"]] == ["no,no", "yes,no"]
    assert answer["end"] == "yes,no"
    assert by_concept["non_myopic"]["stable"] is True
    told = "at the same moment Column might undo “swerve”; together that leaves Row worse off"
    assert told in by_concept["sim"]["text"]


def test_settings_need_their_concept() -> None:
    for option, value, words in (
        ("--horizon", "3", "--horizon belongs to --concepts limited"),
        ("--reading", "order", "--reading belongs to --concepts limited or non_myopic"),
        ("--ties", "last", "--ties belongs to --concepts limited or non_myopic"),
        ("--simultaneity", "unstable", "--simultaneity belongs to --concepts sim"),
    ):
        done = run("chicken", option, value)
        assert done.returncode == 2
        assert words in " ".join(done.stderr.split())


def test_unknown_names_and_misfits_end_with_2() -> None:
    done = run("chicken", "--concepts", "nash,limitd")
    assert done.returncode == 2
    assert 'unknown concept "limitd"; did you mean "limited"' in done.stderr
    done = run("elmira-1991", "--concepts", "sim")
    assert done.returncode == 2
    assert "merged states" in done.stderr
    done = run("chicken", "--from", "today", "--concepts", "sim")
    assert done.returncode == 2
