"""Files of GMCR+ made by hand: what becomes of each part, what is lost, and what is refused."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import pytest
import yaml

import brute_force as bf
from backchannel.errors import CrisisFileError
from backchannel.spec.import_gmcr import ImportedCrisis, import_gmcr
from backchannel.spec.read import read_crisis_text


def gmcr(**changes: Any) -> dict[str, Any]:
    """Prisoner's dilemma with preferences by statements; the file lists the second actor's option first."""
    data: dict[str, Any] = {
        "decisionMakers": [
            {
                "name": "Row",
                "options": [1],
                "preferences": [[[0, "Y"]], [[1, "N"]]],
                "preferenceRanking": [],
                "payoffs": [],
                "misperceptions": [],
            },
            {
                "name": "Column",
                "options": [0],
                "preferences": [[[1, "Y"]], [[0, "N"]]],
                "preferenceRanking": [],
                "payoffs": [],
                "misperceptions": [],
            },
        ],
        "options": [
            {"name": "Column cooperates", "permittedDirection": "both"},
            {"name": "Row cooperates", "permittedDirection": "both"},
        ],
        "infeasibles": [],
        "coalitions": [0, 1],
        "coalitionsFull": [],
        "useManualPreferenceRanking": False,
        "program": "gmcr-py",
        "version": "0.4.1",
    }
    return data | changes


def by_hand(row: list[Any], column: list[Any], **changes: Any) -> dict[str, Any]:
    data = gmcr(useManualPreferenceRanking=True, **changes)
    for maker, ranking in zip(data["decisionMakers"], (row, column), strict=True):
        maker["preferences"] = []
        maker["preferenceRanking"] = ranking
    return data


def cuba() -> dict[str, Any]:
    """Cuba 1962 (Fraser and Hipel 1984): 12 feasible states; rankings as numbers among them, from 1."""
    us = [4, 6, 5, 7, 2, 1, 3, 0, 11, 9, 10, 8]
    ussr = [0, 4, 6, 2, 5, 1, 7, 3, 11, 9, 10, 8]
    makers = [("US", [0, 1], us), ("USSR", [2, 3], ussr)]
    return {
        "decisionMakers": [
            {
                "name": name,
                "options": options,
                "preferences": [],
                "preferenceRanking": [decimal + 1 for decimal in ranking],
                "payoffs": [12 - ranking.index(decimal) for decimal in range(12)],
            }
            for name, options, ranking in makers
        ],
        "options": [
            {"name": "Air strike", "permittedDirection": "fwd"},
            {"name": "Blockade", "permittedDirection": "both"},
            {"name": "Withdraw the missiles", "permittedDirection": "both"},
            {"name": "Escalate", "permittedDirection": "both"},
        ],
        "infeasibles": [[[2, "Y"], [3, "Y"]]],
        "useManualPreferenceRanking": True,
    }


def convert(data: dict[str, Any], file: str = "game.gmcr", indent: int | None = 1) -> ImportedCrisis:
    """Import, and hold the text against the crisis reader every time."""
    imported = import_gmcr(json.dumps(data, indent=indent), file)
    read_crisis_text(imported.crisis_text)
    return imported


def content(imported: ImportedCrisis) -> Any:
    return yaml.load(imported.crisis_text, Loader=yaml.BaseLoader)


EXPECTED_DILEMMA = """\
# Imported from a .gmcr file, which holds no status quo, date or source: add today, as_of, sources.
crisis: 1
title: dilemma

actors:
  row:    {name: Row}
  column: {name: Column}

options:            # by decision maker; final: cannot be undone, frozen: cannot change
  row_cooperates:    {by: row, does: Row cooperates}
  column_cooperates: {by: column, does: Column cooperates}

preferences:
  row:
    why: imported from a .gmcr file
    order:          # most important first
      - column_cooperates
      - not row_cooperates
  column:
    why: imported from a .gmcr file
    order:          # most important first
      - row_cooperates
      - not column_cooperates
"""


def test_statements_become_an_order_and_options_stand_by_decision_maker():
    imported = convert(gmcr(), file="cases/dilemma.gmcr")
    assert imported.crisis_text == EXPECTED_DILEMMA
    assert imported.losses == ()


def test_a_ranking_by_hand_becomes_states_in_option_order():
    # Decimals: bit 0 is Row's option (the first decision maker's), though the file lists it second.
    imported = convert(by_hand([3, 4, 1, 2], [2, 4, 1, 3]))
    preferences = content(imported)["preferences"]
    assert preferences["row"]["ranking"] == ["no,yes", "yes,yes", "no,no", "yes,no"]
    assert preferences["column"]["ranking"] == ["yes,no", "yes,yes", "no,no", "no,yes"]
    assert imported.losses == ()


def test_cuba_1962_keeps_its_states_direction_and_equilibria():
    imported = convert(cuba(), "cuba.gmcr")
    data = content(imported)
    assert imported.losses == ()
    assert data["impossible"] == [{"that": "withdraw_the_missiles and escalate", "why": "imported from a .gmcr file"}]
    assert data["options"]["air_strike"] == {"by": "us", "does": "Air strike", "final": "yes"}
    assert data["preferences"]["us"]["ranking"][:3] == ["no,no,yes,no", "no,yes,yes,no", "yes,no,yes,no"]
    found = bf.equilibria(graph_of(data))
    assert {state_number(s) for s in found["nash"]} == {5}
    assert {state_number(s) for s in found["seq"]} == {4, 5, 6}


def state_number(state: tuple[int, ...]) -> int:
    return sum(level << k for k, level in enumerate(state))


def holds(condition: str, ids: list[str], state: tuple[int, ...]) -> bool:
    """Imported conditions use only and, or, not and ids, which Python reads alike."""
    values = dict(zip(ids, map(bool, state), strict=True)) | {"yes": True}
    return bool(eval(condition, {"__builtins__": {}}, values))


def graph_of(data: dict[str, Any]) -> bf.Graph:
    """The meaning of an imported text, worked out apart from the project's reader."""
    ids = list(data["options"])
    locks: dict[str, dict[str, Any]] = {"final": {}, "frozen": {}}
    for (lock, found), (name, option) in itertools.product(locks.items(), data["options"].items()):
        if lock in option:
            found[name] = lambda state, text=option[lock]: holds(text, ids, state)
    states, moves = bf.option_form(
        [(name, option["by"], 2) for name, option in data["options"].items()],
        lambda state: not any(holds(item["that"], ids, state) for item in data.get("impossible", [])),
        locks["final"],
        locks["frozen"],
        list(data["actors"]),
    )
    worth: dict[Any, dict[Any, float]] = {}
    for actor, preference in data["preferences"].items():
        if "order" in preference:
            order = preference["order"]
            worth[actor] = {s: sum(2**-j for j, c in enumerate(order) if holds(c, ids, s)) for s in states}
        else:
            places = [[p] if isinstance(p, str) else p for p in preference["ranking"]]
            place = {literal: k for k, tied in enumerate(places) for literal in tied}
            worth[actor] = {s: -place[",".join("yes" if x else "no" for x in s)] for s in states}
    return bf.Graph(states, moves, worth)


def random_file(seed: int) -> dict[str, Any]:
    rng = random.Random(f"gmcr:{seed}")
    count = rng.randint(2, 5)
    indices = rng.sample(range(count), count)
    cut = rng.randint(1, count - 1)

    def pattern(most: int) -> list[list[Any]]:
        chosen = rng.sample(range(count), rng.randint(1, min(most, count)))
        return [[index, rng.choice("YN")] for index in chosen]

    def statement() -> Any:
        if rng.random() < 0.5:
            return pattern(3)
        return {"compound": True, "members": [pattern(2) for _ in range(rng.randint(1, 3))]}

    return {
        "decisionMakers": [
            {
                "name": f"DM {k}",
                "options": owned,
                "preferences": [statement() for _ in range(rng.randint(1, 5))],
            }
            for k, owned in enumerate((indices[:cut], indices[cut:]))
        ],
        "options": [
            {"name": f"Option {k}", "permittedDirection": rng.choice(("both", "both", "fwd", "back"))}
            for k in range(count)
        ],
        "infeasibles": [pattern(3) for _ in range(rng.randint(0, 1))],
        "useManualPreferenceRanking": False,
    }


@pytest.mark.parametrize("seed", range(40))
def test_an_imported_text_means_what_the_file_means(seed):
    data = random_file(seed)
    makers, options = data["decisionMakers"], data["options"]
    order = [index for maker in makers for index in maker["options"]]

    def meets(pattern: list[list[Any]], state: tuple[int, ...]) -> bool:
        return all(state[order.index(index)] == (level == "Y") for index, level in pattern)

    def statement_holds(statement: Any, state: tuple[int, ...]) -> bool:
        members = statement["members"] if isinstance(statement, dict) else [statement]
        return any(meets(member, state) for member in members)

    def may(old: tuple[int, ...], new: tuple[int, ...], owned: list[int]) -> bool:
        for place, index in enumerate(order):
            step = new[place] - old[place]
            banned = {"both": (), "fwd": (-1,), "back": (1,)}[options[index]["permittedDirection"]]
            if step and (index not in owned or step in banned):
                return False
        return old != new

    states = [
        state
        for state in itertools.product((0, 1), repeat=len(order))
        if not any(meets(pattern, state) for pattern in data["infeasibles"])
    ]
    graph = graph_of(content(convert(data)))
    assert graph.states == states
    for k, maker in enumerate(makers):
        actor, size = f"dm_{k}", len(maker["preferences"])
        score = {
            s: sum(2 ** (size - j) for j, p in enumerate(maker["preferences"], 1) if statement_holds(p, s))
            for s in states
        }
        for old, new in itertools.product(states, states):
            assert (new in graph.reach(actor, old)) == may(old, new, maker["options"])
            assert graph.better(actor, new, old) == (score[new] > score[old])


def test_a_back_option_is_frozen_while_it_is_at_no():
    data = gmcr()
    data["options"][1]["permittedDirection"] = "back"
    assert content(convert(data))["options"]["row_cooperates"]["frozen"] == "not row_cooperates"


def test_ties_stand_in_one_list():
    imported = convert(by_hand([3, [4, 1], 2], [[1, 2, 3, 4]]))
    preferences = content(imported)["preferences"]
    assert preferences["row"]["ranking"] == ["no,yes", ["yes,yes", "no,no"], "yes,no"]
    assert preferences["column"]["ranking"] == [["no,no", "yes,no", "no,yes", "yes,yes"]]


def test_a_pattern_that_contradicts_itself_excludes_no_state():
    imported = convert(by_hand([3, 4, 1, 2], [2, 4, 1, 3], infeasibles=[[[0, "Y"], [0, "N"]]]))
    assert imported.losses == ()
    assert len(content(imported)["preferences"]["row"]["ranking"]) == 4


def test_old_key_names_are_read():
    data = by_hand([3, 4, 1, 2], [2, 4, 1, 3])
    expected = convert(data).crisis_text
    data["useManualPreferenceVectors"] = data.pop("useManualPreferenceRanking")
    for maker in data["decisionMakers"]:
        maker["preferenceVector"] = maker.pop("preferenceRanking")
        for key in ("payoffs", "misperceptions"):
            del maker[key]
    for key in ("coalitions", "coalitionsFull", "version", "program"):
        del data[key]
    assert convert(data).crisis_text == expected
    data["decisionMakers"][1]["preferenceVector"][0] = 9
    with pytest.raises(CrisisFileError, match="state 9 does not exist; the 4 feasible states count from 1") as caught:
        import_gmcr(json.dumps(data))
    assert caught.value.problems[0].path == "decisionMakers.1.preferenceVector.0"


def test_compound_statements_and_empty_preferences():
    data = gmcr()
    compound = {"compound": True, "members": [[[0, "Y"], [1, "N"]], [[1, "Y"]]]}
    data["decisionMakers"][0]["preferences"] = [compound]
    data["decisionMakers"][1]["preferences"] = []
    preferences = content(convert(data))["preferences"]
    assert preferences["row"]["order"] == ["(column_cooperates and not row_cooperates) or row_cooperates"]
    assert preferences["column"]["order"] == ["yes"]


def test_an_order_too_long_for_a_crisis_file_is_written_as_its_ranking():
    data = gmcr()
    data["decisionMakers"][0]["preferences"] = [[[0, "Y"]]] * 62 + [[[1, "N"]]]
    assert content(convert(data))["preferences"]["row"]["ranking"] == ["no,yes", "yes,yes", "no,no", "yes,no"]


def test_names_become_ids_and_are_kept():
    data = gmcr()
    data["options"][0]["name"] = "Not"
    data["options"][1]["name"] = 'Évacuer: 50 % des "forces"\n# vite'
    data["decisionMakers"][0]["name"] = "Россия"
    data["decisionMakers"][1]["name"] = ""
    read = content(convert(data, file="C:\\files\\yes.gmcr"))
    assert list(read["options"]) == ["evacuer_50_des_forces_vite", "option_not"]
    assert read["options"]["option_not"]["does"] == "Not"
    assert read["options"]["evacuer_50_des_forces_vite"]["does"] == 'Évacuer: 50 % des "forces"\n# vite'
    assert read["actors"] == {"actor": {"name": "Россия"}, "actor_2": {"name": "actor_2"}}
    assert read["title"] == "yes"


@pytest.mark.parametrize("name", ["a\x07b", "\ud800x", "a\u2028b", "\U0001f600", "\\", "- a", "{a", "a: b", " a "])
def test_any_name_survives_as_one_scalar(name):
    data = gmcr()
    data["options"][0]["name"] = name
    option = list(content(convert(data))["options"].values())[1]
    assert option["does"] == name.replace("\ud800", "\ufffd")


def test_equal_names_get_different_ids():
    data = gmcr()
    for entry in (*data["options"], *data["decisionMakers"]):
        entry["name"] = "Go"
    read = content(convert(data))
    assert list(read["options"]) == list(read["actors"]) == ["go", "go_2"]


def losses(data: dict[str, Any]) -> list[str]:
    imported = convert(data)
    assert all(loss.severity == "warning" and loss.line > 1 and loss.file for loss in imported.losses)
    for loss in imported.losses:
        assert f"# Lost: {loss.message}" in imported.crisis_text
    return [f"{loss.code}: {loss.message}" for loss in imported.losses]


def test_a_coalition_is_reported():
    assert losses(gmcr(coalitions=[[0, 1]])) == [
        'lost-coalition: the coalition of "Row" and "Column" was left out and its members act separately'
    ]


def test_a_misperception_of_one_option_is_a_frame_and_others_are_reported():
    data = gmcr()
    data["decisionMakers"][0]["misperceptions"] = [[[0, "Y"]]]
    assert losses(data) == []
    assert content(convert(data))["frames"]["row"]["without"] == ["column_cooperates"]
    data["decisionMakers"][0]["misperceptions"] = [[[0, "N"]], [[0, "Y"], [1, "Y"]]]
    found = losses(data)
    assert found == [
        'lost-misperception: that "Row" does not see states where not column_cooperates was left out',
        'lost-misperception: that "Row" does not see states where column_cooperates and row_cooperates was left out',
    ]
    assert "frames" not in content(convert(data))


def test_payoffs_that_order_states_otherwise_are_reported():
    data = gmcr()
    data["decisionMakers"][0]["payoffs"] = [2, 1, 4, 3]
    data["decisionMakers"][1]["payoffs"] = [20, 41, 10, 30]
    assert losses(data) == []
    data["decisionMakers"][0]["payoffs"] = [2, 1, 3, 4]
    assert losses(data) == [
        'payoffs-disagree: the stored payoffs of "Row" and its preferences order states 3 and 4 differently; '
        "the payoffs were left out"
    ]
    data["decisionMakers"][0]["payoffs"] = [2, 1, 3]
    assert losses(data) == ['payoffs-disagree: 3 payoffs of "Row" are stored for 4 feasible states and were left out']


def test_payoffs_that_break_a_tie_are_reported():
    data = by_hand([[3, 4], 1, 2], [2, 4, 1, 3])
    data["decisionMakers"][0]["payoffs"] = [2, 1, 3, 3]
    assert losses(data) == []
    data["decisionMakers"][0]["payoffs"] = [2, 1, 4, 3]
    assert "order states 3 and 4 differently" in losses(data)[0]


def test_what_is_not_in_force_is_reported():
    data = by_hand([3, 4, 1, 2], [2, 4, 1, 3])
    data["decisionMakers"][0]["preferences"] = [[[0, "Y"]]]
    assert losses(data) == ['unused-statements: "Row" is ranked by hand; its preference statements were left out']
    data = gmcr()
    data["decisionMakers"][0]["preferenceRanking"] = [3, 4, 1, 2]
    assert losses(data) == []
    data["decisionMakers"][0]["preferenceRanking"] = [1, 2, 3, 4]
    assert losses(data) == [
        'ranking-disagrees: the stored ranking of "Row" is not what its statements imply and was left out'
    ]


def test_states_left_out_of_a_ranking_are_reported():
    assert losses(by_hand([3, 4], [2, 4, 1, 3])) == [
        'unranked-states: "Row" ranks 2 of the 4 feasible states; the others are unknown'
    ]


def test_unknown_parts_and_versions_are_reported():
    data = gmcr(version="0.5.0", notes="hello")
    data["options"][0]["icon"] = "x"
    assert losses(data) == [
        'unknown-key: "notes" is no known part of a .gmcr file and was left out',
        'unknown-key: "icon" is no known part of a .gmcr file and was left out',
        'other-version: version "0.5.0" is none of 0.3 to 0.4; it was read as 0.4',
    ]


def test_a_status_quo_had_to_be_chosen_where_all_at_no_is_infeasible():
    data = gmcr(infeasibles=[[[0, "N"], [1, "N"]]])
    assert losses(data) == [
        "no-status-quo: every option at no is infeasible and no status quo is stored; yes,no was taken"
    ]
    options = content(convert(data))["options"]
    assert options["row_cooperates"]["today"] == "yes"
    assert "today" not in options["column_cooperates"]


def test_a_loss_stands_at_its_line():
    text = json.dumps(gmcr(coalitions=[0, [0, 1]]), indent=2)
    (loss,) = import_gmcr("\ufeff" + text, "game.gmcr").losses
    line = next(k for k, row in enumerate(text.splitlines(), 1) if "coalitions" in row) + 2
    assert (loss.line, loss.column, loss.path) == (line, 5, "coalitions.1")
    assert str(loss).startswith(f"game.gmcr:{line}:5: warning: the coalition")


def faults(text: str) -> list[str]:
    with pytest.raises(CrisisFileError) as caught:
        import_gmcr(text, "game.gmcr")
    assert all(problem.severity == "error" and problem.line for problem in caught.value.problems)
    return [f"{problem.code} {problem.path}: {problem.message}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"options": [}', r"game\.gmcr:1:14: this is not JSON: expecting value"),
        ("{\n  'options': 1}", r"game\.gmcr:2:3: this is not JSON: expecting property name"),
        ("", r"game\.gmcr:1:1: this is not JSON"),
        ("(dp0\nS'options'\np1\n", "this is a pickle, .*open it in GMCR"),
        ("\x80\x02}q\x00.", "this is a pickle"),
        ("\udc80\x02}q\x00.", "this is a pickle"),
        ("PK\x03\x04\x00\x00", "this is a binary file, not JSON"),
        ("[" * 200_000, "nested too deep"),
        ("[1, 2]", r'game\.gmcr:1:1: "" should be a valid dictionary'),
    ],
)
def test_texts_that_are_no_gmcr_file(text, message):
    with pytest.raises(CrisisFileError, match=message):
        import_gmcr(text, "game.gmcr")


def test_missing_keys_are_all_named():
    data = gmcr()
    del data["infeasibles"], data["useManualPreferenceRanking"], data["options"][0]["permittedDirection"]
    del data["decisionMakers"][1]["name"]
    assert sorted(faults(json.dumps(data))) == [
        'missing-key decisionMakers.1.name: "name" is missing',
        'missing-key infeasibles: "infeasibles" is missing',
        'missing-key options.0.permittedDirection: "permittedDirection" is missing',
        'missing-key useManualPreferenceRanking: "useManualPreferenceRanking" is missing',
    ]
    data = gmcr()
    del data["decisionMakers"][0]["preferences"]
    assert faults(json.dumps(data)) == ['missing-key decisionMakers.0: "preferences" is missing']


def test_options_that_do_not_exist_or_have_no_or_two_owners():
    data = gmcr(infeasibles=[[[0, "Y"], [7, "Y"]]])
    data["decisionMakers"][0]["options"] = [1, 2]
    data["decisionMakers"][1]["preferences"][1] = {"compound": True, "members": [[[0, "Y"]], [[-1, "N"]]]}
    data["decisionMakers"][1]["options"] = [1]
    assert faults(json.dumps(data)) == [
        "option-out-of-range infeasibles.0: option 7 does not exist; the file's 2 options count from 0",
        "option-out-of-range decisionMakers.1.preferences.1: option -1 does not exist; "
        "the file's 2 options count from 0",
        "option-out-of-range decisionMakers.0.options.1: option 2 does not exist; the file's 2 options count from 0",
        'option-owned-twice decisionMakers.1.options.0: option "Row cooperates" belongs to "Row" and to "Column"',
        'option-without-owner options.0: option "Column cooperates" belongs to no decision maker',
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ([0, 1, 2, 3], "state-out-of-range decisionMakers.0.preferenceRanking.0: state 0 does not exist"),
        ([1, [2, 5], 3], "state-out-of-range decisionMakers.0.preferenceRanking.1: state 5 does not exist"),
        (
            [1, 2, [3, 1]],
            'state-ranked-twice decisionMakers.0.preferenceRanking.2: "Row" ranks state 1 twice',
        ),
        ([], 'no-ranking decisionMakers.0.preferenceRanking: "Row" ranks no state'),
    ],
)
def test_rankings_that_contradict_the_file(row, fault):
    (found,) = faults(json.dumps(by_hand(row, [2, 4, 1, 3])))
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"options": 3}, 'wrong-kind options: "options" should be a valid list, not "3"'),
        ({"options": []}, 'wrong-kind options: "options" '),
        ({"decisionMakers": []}, 'wrong-kind decisionMakers: "decisionMakers" '),
        ({"infeasibles": [[[0, "Q"]]]}, "wrong-kind infeasibles.0: \"infeasibles.0\" should be 'Y' or 'N'"),
        (
            {"infeasibles": [[["0", "Y"]]]},
            'wrong-kind infeasibles.0: "infeasibles.0" should be a valid integer',
        ),
        ({"infeasibles": [[]]}, "empty-statement infeasibles.0: this statement names no option"),
        ({"infeasibles": [{"compound": True}]}, 'wrong-kind infeasibles.0: "infeasibles.0" should be'),
        (
            {"infeasibles": [[[0, "Y"]], [[0, "N"]]]},
            "nothing-feasible infeasibles: the infeasible patterns leave",
        ),
        ({"useManualPreferenceRanking": 1}, "wrong-kind useManualPreferenceRanking: "),
    ],
)
def test_misshapen_parts(change, fault):
    (found,) = faults(json.dumps(gmcr(**change)))
    assert found.startswith(fault)


def test_an_unknown_direction_is_refused():
    data = gmcr()
    data["options"][0]["permittedDirection"] = "sideways"
    (found,) = faults(json.dumps(data))
    assert "should be 'both', 'fwd' or 'back', not \"\"sideways\"\"" in found


def many_options(count: int) -> dict[str, Any]:
    data = gmcr(options=[{"name": f"Act {k}", "permittedDirection": "both"} for k in range(count)])
    data["decisionMakers"][0]["options"] = list(range(1, count))
    return data


def test_large_files_import_by_statements_but_not_by_hand():
    assert len(content(convert(many_options(24)))["options"]) == 24
    data = many_options(24)
    data["decisionMakers"][0]["payoffs"] = [1, 2]
    assert losses(data) == ['payoffs-unchecked: the payoffs of "Row" were left out; too many states to check them']
    data = many_options(24) | {"useManualPreferenceRanking": True}
    assert [fault.split(":")[0] for fault in faults(json.dumps(data))] == [
        "too-many-options decisionMakers.0",
        "too-many-options decisionMakers.1",
    ]
