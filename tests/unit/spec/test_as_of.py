"""A crisis as it stood on an earlier day: what goes, what comes back, and what is refused."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import yaml

from backchannel.errors import CrisisFileError
from backchannel.spec.as_of import Replay, as_read, file_as_of, replay
from backchannel.spec.cases import case_names, open_crisis
from backchannel.spec.changes import to_data
from backchannel.spec.read import CrisisFile, read_crisis_text
from backchannel.study.study import Study

BASE: dict[str, Any] = {
    "crisis": 1,
    "title": "t",
    "as_of": "2020-06-01",
    "sources": {
        "early": {"on": "2020-01-01", "by": "press", "claim": "c"},
        "late": {"on": "2020-05-01", "by": "press", "claim": "c"},
        "after": {"on": "2020-07-01", "by": "press", "claim": "c", "hindsight": "yes"},
    },
    "actors": {"a": {}, "b": {}},
    "options": {
        "x": {"by": "a", "today": "yes", "from": ["late"]},
        "y": {"by": "b", "levels": ["no", "some", "all"], "today": "all"},
    },
    "preferences": {
        "a": [{"id": "gain", "when": "x", "worth": "5", "from": ["early", "late"]}],
        "b": [{"id": "loss", "when": "x", "worth": "-3", "from": ["late"]}],
    },
    "events": [
        {"on": "2020-02-01", "code": "CONSULT", "who": ["b"], "what": "half a step", "sets": {"y": "some"}},
        {"on": "2020-04-01", "code": "COERCE", "who": ["a"], "what": "x begins", "sets": {"x": "yes"},
         "was": {"preferences.a.gain.worth": "9"}},
        {"on": "2020-05-01", "code": "CONSULT", "who": ["b"], "what": "the whole step", "sets": {"y": "all"}},
    ],
    "beliefs": [
        {"who": "a", "that": "y", "p": "0.3", "on": "2020-01-15", "why": "w"},
        {"who": "b", "that": "x", "p": "0.7", "why": "undated: as of 2020-06-01"},
    ],
    "signals": {
        "first": {"on": "2020-02-15", "by": "b", "that": "y", "if_true": "0.5", "if_false": "0.2", "why": "w"},
        "second": {"on": "2020-05-15", "by": "b", "that": "y", "if_true": "0.5", "if_false": "0.2", "why": "w"},
    },
    "contested": {
        "raid": {
            "says": "there was a raid",
            "p": "0.5",
            "from": ["early"],
            "reports": [
                {"by": "a", "says": "yes", "if_true": "0.8", "if_false": "0.4", "from": ["early"]},
                {"by": "b", "says": "no", "if_true": "0.9", "if_false": "0.95", "from": ["late"]},
            ],
        }
    },
    "questions": {"q": {"asks": "Will x hold?", "resolves": "x", "outcome": "yes", "from": ["late"]}},
    "variants": {"bold": {"set": {"signals.second.if_true": "0.9", "preferences.a.gain.worth": "8"}, "why": "w"}},
}  # fmt: skip


def file(**changes: Any) -> CrisisFile:
    return read_crisis_text(yaml.safe_dump(copy.deepcopy(BASE) | changes, sort_keys=False), "crisis")


def at(day: str, **changes: Any) -> Replay:
    return replay(file(**changes).crisis, dt.date.fromisoformat(day))


def test_what_is_dated_later_goes() -> None:
    found = at("2020-03-01")
    assert list(found.crisis.sources) == ["early"]
    assert [belief.who for belief in found.crisis.beliefs] == ["a"]
    assert list(found.crisis.signals) == ["first"]
    assert len(found.crisis.events) == 1
    assert found.crisis.as_of == dt.date(2020, 3, 1)
    assert dict(found.dropped) == {"sources": 2, "beliefs": 1, "signals": 1, "events": 2}


def test_a_day_counts_to_its_end() -> None:
    assert list(at("2020-02-15").crisis.signals) == ["first"]
    assert list(at("2020-02-14").crisis.signals) == []


def test_on_its_own_day_the_file_loses_only_hindsight() -> None:
    found = at("2020-06-01")
    assert dict(found.dropped) == {"sources": 1}
    assert found.crisis.questions["q"].outcome == "yes"
    before, after = to_data(file().crisis), to_data(found.crisis)
    assert {key: after[key] for key in after if key != "sources"} == {
        key: before[key] for key in before if key != "sources"
    }


def test_citations_go_and_what_is_left_bare_is_named() -> None:
    found = at("2020-03-01")
    [gain] = found.crisis.preferences["a"]
    assert gain.from_ == ("early",)
    assert "preferences.b.0" in found.unsupported
    assert "options.x" in found.unsupported
    assert "preferences.a.0" not in found.unsupported


def test_options_stand_where_the_last_event_before_put_them() -> None:
    def today(day: str) -> dict[str, int]:
        return {name: option.today_index for name, option in at(day).crisis.options.items()}

    assert today("2020-01-20") == {"x": 0, "y": 0}
    assert today("2020-02-01") == {"x": 0, "y": 1}
    assert today("2020-04-01") == {"x": 1, "y": 1}
    assert today("2020-05-01") == {"x": 1, "y": 2}


def test_values_of_a_later_event_stand_again() -> None:
    def worth(day: str) -> float:
        [gain] = at(day).crisis.preferences["a"]
        return float(gain.worth.centre)

    assert worth("2020-03-31") == 9
    assert worth("2020-04-01") == 5


def test_reports_are_as_old_as_their_first_source() -> None:
    assert len(at("2020-03-01").crisis.contested["raid"].reports) == 1
    assert len(at("2020-05-01").crisis.contested["raid"].reports) == 2
    contested = copy.deepcopy(BASE["contested"])
    contested["raid"]["from"] = ["late"]
    contested["raid"]["reports"][0]["from"] = ["late"]
    assert not at("2020-03-01", contested=contested).crisis.contested


def test_outcomes_are_not_known_yet() -> None:
    assert at("2020-05-31").crisis.questions["q"].outcome is None


def test_paths_into_what_is_gone_are_dropped_from_variants() -> None:
    assert dict(at("2020-03-01").crisis.variants["bold"].set) == {"preferences.a.gain.worth": "8"}
    assert len(at("2020-06-01").crisis.variants["bold"].set) == 2


def test_a_later_day_is_refused() -> None:
    with pytest.raises(CrisisFileError, match=r"2020-06-02 lies after as_of 2020-06-01.*write a day up to 2020-06-01"):
        file_as_of(file(), dt.date(2020, 6, 2))


def test_a_file_without_as_of_takes_any_day() -> None:
    data = {key: value for key, value in BASE.items() if key not in ("as_of",)}
    data["sources"] = {"early": BASE["sources"]["early"], "late": BASE["sources"]["late"]}
    found = file_as_of(read_crisis_text(yaml.safe_dump(data, sort_keys=False)), dt.date(2020, 3, 1))
    assert found.crisis.as_of == dt.date(2020, 3, 1)
    assert len(found.crisis.beliefs) == 2


def test_the_replay_is_itself_a_crisis_and_replays_to_itself() -> None:
    for name in case_names():
        original = open_crisis(name)
        day = (original.crisis.as_of or dt.date(2019, 4, 20)) - dt.timedelta(days=9)
        once = file_as_of(original, day)
        assert replay(once.crisis, day).crisis == once.crisis
        assert type(once.crisis).model_validate(to_data(once.crisis)) == once.crisis


def test_a_study_carries_the_day_and_keeps_its_variant() -> None:
    study = Study.of(file(), variant="bold", as_of=dt.date(2020, 3, 1))
    assert study.provenance.as_of == "2020-03-01"
    assert study.provenance.sha256 == file().sha256
    assert study.model.points(0, study.model.space.find("yes,no")) == 9, "the event's value before it wins"
    late = Study.of(file(), variant="bold", as_of=dt.date(2020, 5, 1))
    assert late.model.points(0, late.model.space.find("yes,no")) == 8


def test_what_a_replay_leaves_out_is_said() -> None:
    found = at("2020-03-01")
    assert as_read(found).startswith("As of 2020-03-01, as read today: ")
    assert as_read(replace(found, dropped=(("sources", 2), ("contested", 1)), unsupported=("a",))).endswith(
        ": 2 sources, 1 contested event left out as later; 1 reading rests on later sources alone."
    )
    assert as_read(replace(found, dropped=(), unsupported=())).endswith(": nothing in the file is later.")
