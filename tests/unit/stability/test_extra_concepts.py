"""The concepts beyond the classical four inside the stability analysis: parameters, result, findings, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.analyses.contract import Context
from backchannel.analyses.stability import stability
from backchannel.analyses.stability.outcomes import document, outcome_table
from backchannel.analyses.stability.stability import Params
from backchannel.analyses.stability.why import EXTRA
from backchannel.errors import CancelledError, NotSupportedError
from backchannel.results.codec import dumps, loads
from backchannel.spec.cases import case_names
from backchannel.study.study import Study

ALL = ("nash", "gmr", "smr", "seq", *EXTRA)


@pytest.mark.parametrize("case", [case for case in case_names() if case != "elmira-1991"])
def test_result_is_whole_and_repeats(case: str) -> None:
    first = Study.open(case, draws=2).run("stability", concepts=ALL)
    text = dumps(first)
    assert dumps(Study.open(case, draws=2).run("stability", concepts=ALL)) == text
    assert dumps(loads(text)) == text
    assert first.stable.shape[0] == first.share.shape[0] == len(ALL)
    ids = [finding.id for finding in first.findings]
    assert {"stability.sim", "stability.limited", "stability.non_myopic"} <= set(ids)
    assert ids.count("stability.extra_today") == 3
    assert all(finding.text.endswith(".") and "{" not in finding.text for finding in first.findings)


@pytest.mark.parametrize("case", ["cuba-1962", "elmira-1991"])
def test_classical_verdicts_do_not_depend_on_what_else_is_asked(case: str) -> None:
    plain = Study.open(case).run("stability")
    more = Study.open(case).run("stability", concepts=("limited", "seq", "nash"))
    assert plain.concepts == ("nash", "gmr", "smr", "seq")
    assert np.array_equal(more.stable[[2, 1]], plain.stable[[0, 3]])
    assert [f.text for f in more.findings][: len(plain.findings)] == [f.text for f in plain.findings]


def test_document_says_which_reading() -> None:
    study = Study.open("venezuela-2019")
    params = {"concepts": ALL, "horizon": 3, "reading": "order", "ties": "last", "simultaneity": "unstable"}
    found = document(study.run("stability", **params), full=True)["concepts"]
    assert list(found) == list(ALL)
    assert found["sim"]["reading"] == "unstable"
    assert {key: found["limited"][key] for key in ("horizon", "reading", "ties")} == {
        "horizon": 3,
        "reading": "order",
        "ties": "last",
    }
    assert found["non_myopic"]["settles"] == (found["non_myopic"]["period"] == 1)
    assert set(found["nash"]) == {"equilibria", "stable"}
    since = found["non_myopic"]["since_horizon"]
    assert {actor: list(states) for actor, states in since.items()} == found["non_myopic"]["stable"]


def test_plain_document_has_nothing_new() -> None:
    found = document(Study.open("chicken").run("stability"))["concepts"]
    assert list(found) == ["nash", "gmr", "smr", "seq"]
    assert all(set(entry) == {"equilibria"} for entry in found.values())


def test_table_without_nash_or_seq_shows_every_equilibrium() -> None:
    result = Study.open("venezuela-2019", draws=2).run("stability", concepts=("limited", "gmr"))
    table = outcome_table(result)
    assert [column.id for column in table.columns][-2:] == ["limited", "gmr"]
    assert [column.title for column in table.columns][-2:] == ["L4", "GMR"]
    assert set(np.flatnonzero(result.equilibrium.any(axis=0))) <= {result.label.index(row[0]) for row in table.rows}


@pytest.mark.parametrize("concept", EXTRA)
def test_cancel_and_progress(concept: str) -> None:
    study = Study.open("venezuela-2019")
    told: list[tuple[int, int]] = []
    stability.run(
        study.model,
        Context(study.provenance, report=lambda done, total: told.append((done, total))),
        Params(concepts=(concept,)),
    )
    assert all(0 <= done <= total for done, total in told)
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert shares[-1] > 0.5
    late = iter(range(10_000))
    stopped = Context(study.provenance, cancelled=lambda: next(late) > len(told) - 3)
    with pytest.raises(CancelledError, match="stopped before the end"):
        stability.run(study.model, stopped, Params(concepts=(concept,)))


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"concepts": ("simm",)}, 'unknown concept "simm"; did you mean "sim"'),
        ({"concepts": ()}, "name at least one concept"),
        ({"concepts": ("sim", "sim")}, "each only once"),
        ({"reading": "best"}, 'unknown reading "best"'),
        ({"ties": "any"}, 'unknown rule for ties "any"'),
        ({"simultaneity": "all"}, 'unknown reading of simultaneity "all"'),
        ({"horizon": 0}, "the horizon is 1 to 100 moves, got 0"),
        ({"horizon": 101}, "got 101; non_myopic asks for what holds however far one looks"),
    ],
)
def test_faulty_parameters_are_refused(params: dict[str, object], words: str) -> None:
    with pytest.raises(NotSupportedError, match=words):
        Params(**params)


def test_refusal_in_a_file_with_merged_states() -> None:
    with pytest.raises(NotSupportedError, match="merged states moves have no options to put together"):
        Study.open("elmira-1991").run("stability", concepts=("nash", "sim"))
