"""The command line as a user meets it: words, exit codes, JSON, and nothing loaded that need not be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from backchannel.spec.cases import case_names
from brute_force import verdicts
from generate import random_crisis

CONCEPTS = ("nash", "gmr", "smr", "seq")


def run(*arguments: str, cwd: Path | None = None, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backchannel", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, input=stdin, check=False)


def document(*arguments: str) -> Any:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


PRISONERS = """\
crisis: 1
title: Prisoner's dilemma
actors: {row: {}, column: {}}
options:
  row_cooperates: {by: row}
  column_cooperates: {by: column}
preferences:
  row: {ranking: ["no,yes", "yes,yes", "no,no", "yes,no"]}
  column: {ranking: ["yes,no", "yes,yes", "no,no", "no,yes"]}
"""

BROKEN = """\
crisis: 1
title: Two neighbours
actors: {north: {}, south: {}}
options:
  dam: {by: north}
  march: {by: suoth}
preferences:
  north: [{when: damm, worth: 10, why: water}]
  south: [{when: march, worth: 5..1, why: pride}]
"""


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_loads_neither_numpy_nor_pydantic(flag: str) -> None:
    code = (
        "import sys\n"
        "from backchannel.faces.cli.app import app\n"
        "try:\n"
        f"    app(['{flag}'])\n"
        "except SystemExit:\n"
        "    pass\n"
        "heavy = {'numpy', 'scipy', 'pydantic', 'yaml', 'lark', 'jinja2', 'numba'} & set(sys.modules)\n"
        "print('LOADED', sorted(heavy))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "stability" in done.stdout
    assert done.stdout.rstrip().endswith("LOADED []")


def test_version() -> None:
    import backchannel

    assert run("--version").stdout == f"backchannel {backchannel.__version__}\n"


def test_unknown_command_is_usage_error() -> None:
    done = run("stabilty", "chicken")
    assert done.returncode == 2
    assert "No such command" in done.stderr


def test_check_sound_file(tmp_path: Path) -> None:
    (tmp_path / "pd.crisis.yaml").write_text(PRISONERS)
    done = run("check", "pd.crisis.yaml", cwd=tmp_path)
    assert done.returncode == 0
    assert "pd.crisis.yaml: sound. 2 actors, 2 options" in done.stdout


def test_check_faults_all_at_once_with_exit_1(tmp_path: Path) -> None:
    (tmp_path / "bad.crisis.yaml").write_text(BROKEN)
    done = run("check", "bad.crisis.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert 'bad.crisis.yaml:6:15: unknown actor "suoth"; did you mean "south"?' in done.stdout
    assert 'bad.crisis.yaml:8:18: unknown option "damm"; did you mean "dam"?' in done.stdout
    assert 'bad.crisis.yaml:9:32: the low end is above the high end in "5..1"' in done.stdout
    assert "3 faults" in done.stdout


def test_check_json(tmp_path: Path) -> None:
    (tmp_path / "bad.crisis.yaml").write_text(BROKEN)
    done = run("check", "bad.crisis.yaml", "--json", cwd=tmp_path)
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["sound"] is False
    first = found["problems"][0]
    assert (first["line"], first["column"], first["code"]) == (6, 15, "unknown-actor")
    assert set(first) == {"code", "severity", "file", "line", "column", "path", "message", "fix"}


def test_every_other_command_refuses_a_faulty_file_with_exit_2(tmp_path: Path) -> None:
    (tmp_path / "bad.crisis.yaml").write_text(BROKEN)
    for command in ("stability", "brief"):
        done = run(command, "bad.crisis.yaml", cwd=tmp_path)
        assert done.returncode == 2
        assert "did you mean" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "briefings").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe\x00", "not UTF-8 text"),
        (b"- a\n- b\n", "not made of named sections"),
    ],
)
def test_unusable_files(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "x.yaml").write_bytes(content)
    done = run("check", "x.yaml", cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_missing_file_and_misspelt_case() -> None:
    done = run("check", "nowhere.yaml")
    assert done.returncode == 2
    assert "nowhere.yaml: no such file" in done.stderr
    done = run("stability", "venezuela-2091")
    assert done.returncode == 2
    assert 'did you mean "venezuela-2019"?' in done.stderr


def test_stability_json_of_the_literal_form(tmp_path: Path) -> None:
    """The document other programs rely on, on the smallest file of the format."""
    path = tmp_path / "pd.crisis.yaml"
    path.write_text(PRISONERS)
    found = document("stability", str(path), "--json")
    assert found["format"] == 1
    assert found["options"] == ["row_cooperates", "column_cooperates"]
    assert (found["states"], found["feasible"]) == (4, 4)
    assert found["concepts"]["nash"] == {"equilibria": ["no,no"]}
    for concept in ("gmr", "smr", "seq"):
        assert found["concepts"][concept]["equilibria"] == ["no,no", "yes,yes"]
    full = document("stability", str(path), "--json", "--full")
    assert full["concepts"]["nash"]["stable"] == {"row": ["no,no", "no,yes"], "column": ["no,no", "yes,no"]}


@pytest.mark.parametrize("kind", ["mixed", "graph", "locked", "levels"])
def test_stability_json_agrees_with_the_definitions(tmp_path: Path, kind: str) -> None:
    """Text file in, JSON out, against brute force: the road other programs take."""
    crisis = random_crisis(77, kind)
    path = tmp_path / "random.crisis.yaml"
    path.write_text(crisis.text)
    found = document("stability", str(path), "--json", "--full")
    wanted = verdicts(crisis.graph)
    order = [crisis.literal(state) for state in crisis.graph.states]
    assert found["feasible"] == len(order)
    for concept in CONCEPTS:
        for actor, states in wanted[concept].items():
            assert found["concepts"][concept]["stable"][actor] == [
                s for s in order if s in {crisis.literal(x) for x in states}
            ]
        everybody = set.intersection(*({crisis.literal(x) for x in states} for states in wanted[concept].values()))
        assert found["concepts"][concept]["equilibria"] == [state for state in order if state in everybody]


def test_same_bytes_twice() -> None:
    arguments = ("stability", "venezuela-2019", "--json", "--draws", "20", "--seed", "0")
    assert run(*arguments).stdout == run(*arguments).stdout


def test_why_names_the_breaking_move_and_the_answer() -> None:
    done = run("stability", "venezuela-2019", "--why", "planes")
    assert done.returncode == 0
    assert "Russia could undo “send more planes and personnel” (+3 for it)" in done.stdout
    found = document("stability", "venezuela-2019", "--why", "planes", "--json")
    broken = [item for item in found["verdicts"] if not item["stable"]]
    assert {(item["concept"], item["actor"]) for item in broken} == {("nash", "russia"), ("seq", "russia")}
    assert broken[0]["improvements"][0]["sanction"] is None


def test_why_of_an_unknown_state_suggests() -> None:
    done = run("stability", "venezuela-2019", "--why", "plnaes")
    assert done.returncode == 2
    assert 'unknown state "plnaes"; did you mean "planes"?' in done.stderr


def test_from_today() -> None:
    done = run("stability", "venezuela-2019", "--from", "today")
    assert "From status_quo nobody moves alone" in done.stdout
    found = document("stability", "venezuela-2019", "--from", "us_intervenes", "--json")
    assert found["states"][0]["steps"] == 0
    assert all(len(row["path"]) == row["steps"] for row in found["states"])


def test_variant_and_dial() -> None:
    done = run("stability", "cuba-1962", "--variant", "strike_is_final", "--json")
    assert json.loads(done.stdout)["concepts"]["nash"]["equilibria"] == ["yes,no,yes,no"]
    done = run("stability", "cuba-1962", "--variant", "strike_is_finl")
    assert done.returncode == 2
    assert 'unknown variant "strike_is_finl"; did you mean "strike_is_final"?' in done.stderr
    turned = document("stability", "venezuela-2019", "--dial", "cuban_substitution=0.5", "--json")
    assert turned["provenance"]["dials"] == {"cuban_substitution": 0.5}
    plain = document("stability", "venezuela-2019", "--json")
    state = "no,no,no,no,no,yes,yes,no,yes,yes,yes,no"
    assert turned["utilities"][state]["officers"] == plain["utilities"][state]["officers"] - 6
    assert run("stability", "venezuela-2019", "--dial", "cuban_substitution=much").returncode == 2


def test_csv_has_ids_and_one_line_a_state() -> None:
    lines = run("stability", "prisoners-dilemma", "--full", "--csv").stdout.splitlines()
    assert lines[0] == "state,today,utility_row,utility_column,nash,gmr,smr,seq"
    assert len(lines) == 5


def test_cases_lists_and_prints() -> None:
    assert "venezuela-2019" in run("cases").stdout
    assert yaml.safe_load(run("cases", "chicken").stdout)["title"]
    assert {case["name"] for case in document("cases", "--json")["cases"]} == set(case_names())
    assert run("cases", "chikcen").returncode == 2


def test_new_writes_a_file_that_passes_and_never_overwrites(tmp_path: Path) -> None:
    done = run("new", "mine.crisis.yaml", cwd=tmp_path)
    assert done.returncode == 0
    before = (tmp_path / "mine.crisis.yaml").read_bytes()
    assert run("check", "mine.crisis.yaml", cwd=tmp_path).returncode == 0
    assert run("stability", "mine.crisis.yaml", cwd=tmp_path).returncode == 0
    done = run("new", "mine.crisis.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "exists and was left as it is" in done.stderr
    assert (tmp_path / "mine.crisis.yaml").read_bytes() == before


def test_brief_writes_one_file_and_names_it(tmp_path: Path) -> None:
    done = run("brief", "prisoners-dilemma", cwd=tmp_path)
    assert done.returncode == 0
    path = tmp_path / "briefings" / "prisoners-dilemma.html"
    assert done.stdout == f"The briefing is in {path}\n"
    first = path.read_bytes()
    run("brief", "prisoners-dilemma", cwd=tmp_path)
    assert path.read_bytes() == first


def test_import_reports_losses_on_standard_error(tmp_path: Path) -> None:
    gmcr = {
        "decisionMakers": [
            {"name": "Row", "options": [0], "preferences": [[[1, "Y"]], [[0, "N"]]]},
            {"name": "Column", "options": [1], "preferences": [[[0, "Y"]], [[1, "N"]]]},
        ],
        "options": [
            {"name": "Row keeps", "permittedDirection": "both"},
            {"name": "Column keeps", "permittedDirection": "both"},
        ],
        "infeasibles": [],
        "coalitions": [[0, 1]],
        "useManualPreferenceRanking": False,
        "program": "gmcr-py",
        "version": "0.4.1",
    }
    (tmp_path / "pd.gmcr").write_text(json.dumps(gmcr))
    done = run("import", "pd.gmcr", "-o", "pd.crisis.yaml", cwd=tmp_path)
    assert done.returncode == 0
    assert "coalition" in done.stderr
    found = json.loads(run("stability", "pd.crisis.yaml", "--json", cwd=tmp_path).stdout)
    assert found["concepts"]["nash"]["equilibria"] == ["no,no"]


def test_too_large_is_named_before_the_work(tmp_path: Path) -> None:
    options = {f"o{k}": {"by": "a"} for k in range(40)}
    data = {
        "crisis": 1,
        "title": "big",
        "actors": {"a": {}},
        "options": options,
        "preferences": {"a": [{"when": "o1", "worth": 1, "why": "because"}]},
    }
    (tmp_path / "big.yaml").write_text(yaml.safe_dump(data))
    done = run("stability", "big.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "40 options make 1,099,511,627,776 states" in done.stderr


def test_ctrl_c_stops_clean() -> None:
    import signal
    import time

    command = [sys.executable, "-m", "backchannel", "stability", "venezuela-2019", "--draws", "500"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "stopped" in err
    assert "Traceback" not in err
