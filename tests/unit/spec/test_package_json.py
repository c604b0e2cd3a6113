"""Package problems as JSON: what is read, what is written, and the words about faults."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from backchannel.errors import CrisisFileError, TooLargeError
from backchannel.model import package_file as arrays
from backchannel.spec.package_file import PlainFactor, PlainRule
from backchannel.spec.package_json import read_package_json, write_package_json
from package_problems import random_problem

SMALL: dict[str, Any] = {
    "format": 1,
    "parties": ["A", "B"],
    "issues": {"x": ["no", "yes"], "y": ["low", "high"]},
    "no_deal": {"A": 1, "B": -0.5},
    "factors": [
        {"issues": ["x"], "worth": {"A": {"yes": 2}}},
        {"issues": ["y", "x"], "worth": {"B": {"high": {"yes": 0.25}}}},
        {"issues": [], "worth": {"B": 3}},
    ],
    "rules": [{"issues": ["x", "y"], "never": [["no", "high"]]}, {"issues": ["y"], "only": [["low"], ["high"]]}],
}


def test_reads_names_into_arrays() -> None:
    package = read_package_json(json.dumps(SMALL))
    assert package.factors[1] == PlainFactor(("y", "x"), {"B": {("high", "yes"): 0.25}})
    assert package.rules[0] == PlainRule(("x", "y"), (("no", "high"),))
    problem = arrays.package_problem(package)
    assert problem.gains([[0, 0], [1, 1]]).tolist() == [[-1, 3.5], [1, 3.75]]
    assert problem.allowed([[0, 0], [0, 1], [1, 1]]).tolist() == [True, False, True]


@pytest.mark.parametrize("seed", range(25))
def test_what_is_written_is_read_back_the_same(seed: int) -> None:
    problem = random_problem(seed)
    text = write_package_json(arrays.package_file(problem))
    again = arrays.package_problem(read_package_json(text))
    assert write_package_json(arrays.package_file(again)) == text
    levels = np.argwhere(np.ones(problem.shape))
    assert again.gains(levels).tolist() == problem.gains(levels).tolist()
    assert again.allowed(levels).tolist() == problem.allowed(levels).tolist()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, 'the format is 2; write "format": 1'),
        ({"format": True}, "the format is True"),
        ({"partys": []}, 'unknown key "partys"; did you mean "parties"'),
        ({"parties": ["A", "A"]}, 'parties names "A" twice'),
        ({"parties": [1]}, r"parties is \[1\], expected names"),
        ({"issues": {}}, "there are no issues"),
        ({"issues": {"x": []}}, r"issues.x is \[\], expected names"),
        ({"no_deal": {"A": 1}}, 'no_deal says nothing of "B"'),
        ({"no_deal": {"A": "1", "B": 0}}, 'no_deal.A: "1" is no finite number'),
        ({"no_deal": {"A": True, "B": 0}}, "no_deal.A: true is no finite number"),
        ({"factors": 3}, "factors is 3, expected a list"),
        ({"factors": [{"issues": ["x"], "worth": {"C": {}}}]}, 'factors.0.worth.C: unknown party "C"'),
        ({"factors": [{"issues": ["z"], "worth": {}}]}, 'factors.0.issues: unknown issue "z"'),
        ({"factors": [{"issues": ["x", "x"], "worth": {}}]}, "names an issue twice"),
        ({"factors": [{"issues": ["x"], "worth": {"A": {"maybe": 1}}}]}, 'unknown level "maybe"; known: no, yes'),
        ({"factors": [{"issues": ["x"], "worth": {"A": 1}}]}, "factors.0.worth.A is 1, expected an object"),
        ({"factors": [{"issues": ["x"], "worth": {}, "weight": 1}]}, 'unknown key "weight"'),
        ({"rules": [{"issues": ["x"]}]}, 'rules.0: a rule has either "never" or "only"'),
        ({"rules": [{"issues": ["x"], "never": [["no", "low"]]}]}, "does not fit the issues; name 1 levels"),
        ({"rules": [{"issues": ["x"], "only": [["maybe"]]}]}, 'unknown level "maybe"'),
    ],
)
def test_faults_say_where_and_how_to_mend(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(CrisisFileError, match=words):
        read_package_json(json.dumps(SMALL | changes), "deal.json")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "deal.json: this is no JSON: Expecting property name.* at line 1, column 2"),
        ("[]", "this is no JSON object"),
        ('{"format": 1, "parties": ["A"], "parties": ["B"]}', 'the key "parties" stands twice'),
        ('{"format": NaN}', "the format is nan"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_texts_that_are_no_package(text: str, words: str) -> None:
    with pytest.raises(CrisisFileError, match=words):
        read_package_json(text, "deal.json")


def test_all_faults_in_one_run() -> None:
    with pytest.raises(CrisisFileError) as caught:
        read_package_json(json.dumps(SMALL | {"no_deal": {}, "factors": [3, {"issues": ["q"]}]}))
    assert len(caught.value.problems) >= 4
    assert {problem.code for problem in caught.value.problems} == {"package-file"}


def test_numbers_that_are_none_and_numbers_too_large() -> None:
    for text in ("Infinity", "1e999", "1" + "0" * 400):
        with pytest.raises(CrisisFileError, match="is no finite number; write points of utility"):
            read_package_json(json.dumps(SMALL).replace('"A": 1,', f'"A": {text},'))


def test_a_table_over_too_many_issues_is_refused() -> None:
    issues = {f"i{k}": [str(n) for n in range(10)] for k in range(9)}
    wide = SMALL | {"issues": issues, "factors": [{"issues": list(issues), "worth": {}}], "rules": []}
    with pytest.raises(TooLargeError, match="split it into several over fewer issues"):
        arrays.package_problem(read_package_json(json.dumps(wide)))
