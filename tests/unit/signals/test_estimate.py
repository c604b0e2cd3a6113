"""``estimate``: the table it reads, the coefficients it finds, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from backchannel.errors import CrisisFileError, NotSupportedError
from backchannel.faces.cli.app import app
from backchannel.model.outcome_data import crisis_data, utilities
from backchannel.numerics.crisis_estimation import CrisisData, simulated
from backchannel.numerics.random_streams import stream
from backchannel.spec.outcome_table import OUTCOME_WORDS, read_outcome_table

TRUE = {("W_A", "const"): -0.6, ("W_A", "balance"): 0.8, ("a", "const"): -1.0, ("W_B", "const"): -0.4}
WANTED = ["--utility", "W_A=const,balance", "--utility", "a=const", "--utility", "W_B=const"]


def table_of_crises() -> str:
    """2,500 simulated crises at five balances."""
    balance = np.linspace(-1, 1, 5)
    ones = np.ones((5, 1))
    covariates = {
        "challenger_war": np.column_stack([ones, balance]),
        "challenger_back_down": ones,
        "defender_war": ones,
    }
    held = {"challenger_status_quo": 0.0, "challenger_gain": 1.0, "defender_concede": 0.0, "defender_hold": 1.0}
    data = CrisisData(np.zeros((5, 4), dtype=np.int64), covariates, held)
    made = simulated(data, np.array(list(TRUE.values())), 500, "largest_basin", stream(0, "test"))
    rows = [
        f"{place:g},{word},{count}"
        for place, counts in zip(balance.tolist(), made.counts.tolist(), strict=True)
        for word, count in zip(OUTCOME_WORDS, counts, strict=True)
    ]
    return "\n".join(["balance,outcome,count", *rows, ""])


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    def written(text: str) -> str:
        path = tmp_path / "crises.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


def test_recovers_what_the_crises_were_simulated_from(write: Callable[[str], str]) -> None:
    done = CliRunner().invoke(app, ["estimate", write(table_of_crises()), *WANTED, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["converged"]
    assert told["crises"] == 2500
    assert told["pairs"] == 5
    for item in told["coefficients"]:
        true = TRUE[item["utility"], item["term"]]
        assert abs(item["estimate"] - true) < 3 * item["standard_error"]
        assert item["standard_error"] < 0.15
    assert told["starts"] == sorted(told["starts"], reverse=True)
    assert told["log_likelihood"] == told["starts"][0]


def test_text_says_what_is_held_and_which_rule(write: Callable[[str], str]) -> None:
    done = CliRunner().invoke(app, ["estimate", write(table_of_crises()), *WANTED, "--starts", "1"])
    assert "Held: S_A at 0, V_A at 1, C_B at 0, V_B at 1." in done.stdout
    assert "from 1 start; converged" in done.stdout
    assert "largest_basin" in done.stdout


def test_a_row_a_crisis_is_the_same_as_counts() -> None:
    chosen = utilities([("W_A", "const,x")], [])
    counted = read_outcome_table("outcome,count,x\nwar,2,1\nsq,1,0\n", "a", chosen.columns)
    single = read_outcome_table("x,outcome,note\n1,WAR,a\n0,sq,\n1,war,\n", "b", chosen.columns)
    first, second = crisis_data(counted, chosen), crisis_data(single, chosen)
    assert first.counts.tolist() == second.counts.tolist() == [[1, 0, 0, 0], [0, 0, 0, 2]]
    assert first.covariates["challenger_war"].tolist() == [[1, 0], [1, 1]]


def test_flat_likelihood_gives_no_standard_errors(write: Callable[[str], str]) -> None:
    text = "outcome,x,y\nsq,0,0\nwar,1,1\nconcede,0,0\nbackdown,1,1\n"
    done = CliRunner().invoke(app, ["estimate", write(text), "--utility", "W_A=x,y", "--json"])
    told = json.loads(done.stdout)
    errors = [item["standard_error"] for item in told["coefficients"]]
    assert all(error is None or error > 100 for error in errors)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"t.csv:1:1: the table is empty; start with a line such as outcome,count,x"),
        ("outcome,x\n", r"t.csv:1:1: the table has no rows"),
        ("x\n1\n", r'no column "outcome"'),
        ("outcome,y\nwar,1\n", r't.csv:1:1: there is no column "x"; known: y'),
        ("outcome,x,x\nwar,1,1\n", r't.csv:1:11: there are two columns "x"'),
        ("outcome,x\nwarr,1\n", r't.csv:2:1: column outcome: "warr" is no outcome; write sq, concede, backdown, war'),
        ("outcome,x\nsq,0\n\nwar,a\n", r't.csv:4:5: column x: "a" is no finite number; write one such as 0.25'),
        ("outcome,x\nwar,nan\n", r'column x: "nan" is no finite number'),
        ("outcome,x\nwar\n", r"t.csv:2:1: 1 fields where the first line has 2"),
        ("outcome,x,count\nwar,1,1.5\n", r't.csv:2:7: column count: "1.5" is no count; write a whole number'),
        ("outcome,x,count\nwar,1,0\n", r"every count is 0"),
        ('outcome,x\n"war,1\n', r"t.csv:2:1: no CSV: .*close every quotation mark"),
    ],
)
def test_faults_are_located(text: str, words: str) -> None:
    with pytest.raises(CrisisFileError, match=words):
        read_outcome_table(text, "t.csv", ("x",))


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(CrisisFileError) as caught:
        read_outcome_table("outcome,x\npeace,1\nwar,b\n", "t.csv", ("x",))
    assert [problem.line for problem in caught.value.problems] == [2, 3]


@pytest.mark.parametrize(
    ("terms", "held", "words"),
    [
        ([], [], "nothing is to be estimated; add --utility W_A=const"),
        ([("W", "const")], [], 'unknown utility "W"'),
        ([("W_A", "const")], [("W_A", "0")], "W_A is given twice"),
        ([("W_A", "")], [], "names each column once"),
        ([("W_A", "x,x")], [], "names each column once"),
        ([("W_A", "outcome")], [], "says what happened and explains nothing"),
        ([("W_A", "x")], [("V_A", "much")], '--hold V_A: "much" is no finite number'),
        ([(name, "const") for name in ("C_B", "W_B", "V_B")], [], r"every utility of B .* --hold C_B=0"),
    ],
)
def test_utilities_that_cannot_be_estimated(
    terms: list[tuple[str, str]], held: list[tuple[str, str]], words: str
) -> None:
    with pytest.raises(NotSupportedError, match=words):
        utilities(terms, held)
