"""Confrontation analysis against the frames of drama theory: prisoner's dilemma, chicken, a swap, the founding case."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from backchannel.analyses.stability.confrontation import ConfrontationResult
from backchannel.errors import NotSupportedError
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study

GAMES = {
    "prisoners": {
        "row": ["no,yes", "yes,yes", "no,no", "yes,no"],
        "column": ["yes,no", "yes,yes", "no,no", "no,yes"],
    },
    "chicken": {
        "row": ["no,yes", "yes,yes", "yes,no", "no,no"],
        "column": ["yes,no", "yes,yes", "no,yes", "no,no"],
    },
    # a swap: v is Russia's leg, u the American one; each would rather get without giving
    "swap": {
        "russia": ["no,yes", "yes,yes", "no,no", "yes,no"],
        "us": ["yes,no", "yes,yes", "no,no", "no,yes"],
    },
}


def game(name: str, positions: dict[str, str], **stance: Any) -> Study:
    first, second = GAMES[name]
    data = {
        "crisis": 1,
        "title": name,
        "actors": {first: {}, second: {}},
        "options": {"v": {"by": first}, "u": {"by": second}},
        "preferences": {actor: {"ranking": order, "why": "textbook"} for actor, order in GAMES[name].items()},
        "states": {"neither": [], "first": ["v"], "second": ["u"], "both": ["v", "u"]},
        "stances": {actor: {"position": position, **stance} for actor, position in positions.items()},
    }
    return Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False)))


def dilemmas(study: Study, **params: Any) -> dict[str, set[str]]:
    result = study.run("confrontation", **params)
    assert isinstance(result, ConfrontationResult)
    found: dict[str, set[str]] = {actor: set() for actor in result.parties}
    for item in result.dilemmas:
        found[item.actor].add(item.name)
    return found


def test_prisoners_dilemma_with_a_common_position() -> None:
    """Howard (1999): agreed on cooperation, each has a cooperation and a trust dilemma."""
    found = dilemmas(game("prisoners", {"row": "both", "column": "both"}))
    assert found == {"row": {"cooperation", "trust"}, "column": {"cooperation", "trust"}}


def test_chicken_where_each_demands_to_win() -> None:
    """Each would rather give in than collide, and would not carry out its own threat."""
    found = dilemmas(game("chicken", {"row": "second", "column": "first"}))
    assert found == {"row": {"rejection", "threat"}, "column": {"rejection", "threat"}}


def test_swap_before_and_after_acceptance() -> None:
    """Russia demands both legs, the United States only Russia's; once it accepts both, only delivery is in doubt."""
    before = dilemmas(game("swap", {"russia": "both", "us": "first"}))
    assert before == {"russia": {"cooperation", "trust"}, "us": {"persuasion", "rejection", "trust"}}
    after = dilemmas(game("swap", {"russia": "both", "us": "both"}))
    assert after == {"russia": {"cooperation", "trust"}, "us": {"cooperation", "trust"}}


def test_accepted_swap_is_held_by_retaliation() -> None:
    result = game("swap", {"russia": "both", "us": "both"}).run("stability")
    assert "yes,yes" in {result.state[row] for row in range(4) if result.equilibrium[3, row]}  # type: ignore[attr-defined]


def test_founding_case_against_the_status_quo_and_against_war() -> None:
    """Persuasion and rejection for Washington, trust for Moscow; threatened war takes the persuasion dilemma away."""
    study = Study.open("venezuela-2019")
    assert dilemmas(study) == {"us": {"persuasion", "rejection"}, "russia": {"trust"}}
    war = dilemmas(study, threat="us_intervenes")
    assert war["us"] == {"rejection"}


def test_strict_reading_drops_indifference() -> None:
    data = {
        "crisis": 1,
        "title": "tie",
        "actors": {"a": {}, "b": {}},
        "options": {"x": {"by": "a"}, "y": {"by": "b"}},
        "preferences": {
            "a": [{"when": "y", "worth": 1, "why": "gain"}],
            "b": [{"when": "x", "worth": 0, "why": "indifferent"}],
        },
        "states": {"gift": ["y"], "peace": []},
        "stances": {"a": {"position": "gift"}, "b": {"position": "peace"}},
    }
    study = Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False)))
    assert "persuasion" in dilemmas(study)["a"]
    assert "persuasion" not in dilemmas(study, strict=True)["a"]


@pytest.mark.parametrize(
    ("intends", "doubts", "demanded", "expected"),
    [
        # X (first) owns v; Y (second) demands v = yes in "both"; X's own position is "second" (v = no)
        (["not v"], [], "second", ("persuasion", "threat and position", "us")),
        (["v"], [], "second", ("persuasion", "position", "us")),
        (["not v"], [], "both", ("persuasion", "threat", "us")),
        (["v"], [], "both", ("", "", "")),
        (["v"], ["v"], "both", ("trust", "", "us")),
        (["not v"], ["v"], "both", ("rejection", "", "russia")),
    ],
)
def test_option_dilemmas(intends: list[str], doubts: list[str], demanded: str, expected: tuple[str, str, str]) -> None:
    """DT2 (Bryant 2016): persuasion in two modes, trust, rejection."""
    study = game("swap", {"russia": demanded, "us": "both"})
    data = dict(study.file.data)
    data["stances"] = {
        "russia": {"position": demanded, "intends": intends},
        "us": {"position": "both", "doubts": doubts},
    }
    result = Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False))).run("confrontation")
    item = next(item for item in result.options if item.option == "v")  # type: ignore[attr-defined]
    assert (item.dilemma, item.mode, item.whose) == expected


def test_doubt_comes_from_the_files_trust() -> None:
    result = Study.open("venezuela-2019").run("confrontation")
    assert all(item.doubted for item in result.options)  # type: ignore[attr-defined]
    trusting = Study.open("venezuela-2019").run("confrontation", doubt_below=0.0)
    assert not any(item.doubted for item in trusting.options)  # type: ignore[attr-defined]


def test_fallbacks_make_the_threatened_future() -> None:
    study = game("chicken", {"row": "second", "column": "first"}, fallback=["not v", "not u"])
    result = study.run("confrontation")
    assert result.future == ("no,no", "no,no")  # type: ignore[attr-defined]


def test_without_stances_it_says_what_to_add() -> None:
    study = game("swap", {"us": "both"})
    with pytest.raises(
        NotSupportedError, match=r"1 stance given, and a confrontation has two or more.*\n.*stances: \{"
    ):
        study.run("confrontation")


def test_unknown_threat_is_named() -> None:
    with pytest.raises(NotSupportedError, match='unknown state "war"'):
        game("swap", {"russia": "both", "us": "both"}).run("confrontation", threat="war")
