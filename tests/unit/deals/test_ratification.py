"""Two levels against their definitions: persons' gains, weights, flips, draws, and what must be asked how."""

from __future__ import annotations

import copy
import json
import random
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from backchannel.analyses.contract import Context
from backchannel.analyses.deals import ratification
from backchannel.analyses.deals.people import home_say, required_say, room_say, voices_of
from backchannel.errors import CrisisFileError, NotSupportedError
from backchannel.faces.cli.app import app
from backchannel.model.compile import compile_model
from backchannel.model.draws import draw_matrix
from backchannel.model.model import Model
from backchannel.model.worths import centre_values
from backchannel.results.provenance import Provenance
from backchannel.spec.cases import open_crisis
from backchannel.spec.crisis import Crisis
from backchannel.spec.read import check_text, read_crisis_text
from backchannel.study.study import Study
from generate import random_crisis
from two_level_brute import Brute

CASE = "venezuela-2019"
ISSUES = ("land", "water", "")


def read(data: dict[str, Any]) -> Crisis:
    return read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis").crisis


def asked(data: dict[str, Any], draws: int = 0, seed: int = 0, **params: Any) -> ratification.RatificationResult:
    context = Context(Provenance("test", "test", "", "0", seed=seed, draws=draws))
    return ratification.run(compile_model(read(data)), context, ratification.Params(**params))


@cache
def founding_model() -> Model:
    return compile_model(open_crisis(CASE).crisis)


def founding(draws: int = 0, seed: int = 0, **params: Any) -> ratification.RatificationResult:
    context = Context(Provenance("test", "test", "", "0", seed=seed, draws=draws))
    return ratification.run(founding_model(), context, ratification.Params(**params))


def random_data(seed: int) -> dict[str, Any] | None:
    """A random crisis of terms on issues, its first two actors the parties, the first with two or three people."""
    crisis, rng = random_crisis(seed, "terms"), random.Random(seed)
    if len(crisis.graph.states) > 30:
        return None
    data = copy.deepcopy(crisis.data) | {"issues": {"land": "land", "water": "water"}}
    for terms in data["preferences"].values():
        for term in terms:
            if issue := rng.choice(ISSUES):
                term["issue"] = issue
            term["worth"] = repr(float(str(term["worth"]).split(" in ")[0]))
    first, second = list(data["actors"])[:2]
    shares = rng.choice(((0.5, 0.5), (0.3, 0.7), (0.2, 0.3, 0.5)))
    people = {
        f"p{k}": {"share": share, "scale": {issue: rng.choice((0, 0.5, 1.25, 3)) for issue in ISSUES if issue}}
        for k, share in enumerate(shares)
    }
    data["actors"][first] = {"people": people, "ratifies": rng.choice((0.5, 0.55, 0.7))}
    data["channels"] = {
        "room": {"who": [first, second], "voices": {first: {"p0": rng.choice((0, 0.3, 1))}}, "why": "t"}
    }
    data["deals"] = {"deal": {"parties": [first, second], "terms": [], "why": "t"}}
    if rng.random() < 0.6:
        to = crisis.literal(rng.choice(crisis.graph.states))
        data["no_deal"] = [{"to": to, "chance": 0.25, "why": "t"}]
    return data


SOME = [found for seed in range(48) if (found := random_data(seed)) is not None]


def by_definition(data: dict[str, Any]) -> tuple[list[list[float]], list[list[float]]]:
    """Every package's gains by person and party, and the share of the say that gains; packages sorted by levels."""
    crisis = read(data)
    first, second = list(crisis.actors)[:2]
    people = crisis.actors[first].people
    scales = [
        (first, {issue: Fraction(str(factor.centre)) for issue, factor in person.scale.items()})
        for person in people.values()
    ] + [(second, {})]
    found = Brute(crisis).worst_gains((first, second), scales)
    gains = [[float(gain) for gain in found[package]] for package in sorted(found)]
    say = [
        [sum(p.share.centre for p, gain in zip(people.values(), row[:-1], strict=True) if gain > 0), float(row[-1] > 0)]
        for row in gains
    ]
    return gains, say


def test_gains_and_say_are_those_of_the_definition() -> None:
    compared = defects = 0
    for data in SOME:
        result = asked(data, voices=((f"{next(iter(data['actors']))}.p0", 1.0),))
        gains, say = by_definition(data)
        settled = np.isfinite(result.gains).all(axis=1)
        assert result.gains[settled] == pytest.approx(np.array(gains).reshape(-1, result.gains.shape[1]), abs=1e-9)
        needed = read(data).actors[result.parties[0]].ratifies
        assert needed is not None
        wanted = np.array([[own >= needed.centre - 1e-9, other >= 0.5] for own, other in say]).reshape(-1, 2)
        assert (result.ratified[settled] == wanted).all()
        signs = np.array([[row[0] > 0, row[-1] > 0] for row in gains]).reshape(-1, 2)
        assert (result.signed[settled] == signs).all()
        assert not result.signed[~settled].any()
        compared += len(gains)
        defects += int((result.signed & ~result.ratified).sum())
    assert len(SOME) > 20
    assert compared > 100
    assert defects > 4


def test_a_party_weighs_states_not_worst_cases() -> None:
    """What outsiders may do hurts one person or the other, never both: on balance the party gains, neither is safe."""
    data = many_people(2)
    data["actors"] |= {"third": {}}
    data["actors"]["north"]["people"] = {
        "p0": {"share": 0.5, "scale": {"land": 1, "water": 0}},
        "p1": {"share": 0.5, "scale": {"land": 0, "water": 1}},
    }
    data["issues"] = {"land": "land", "water": "water"}
    data["options"] |= {"a": {"by": "third"}, "b": {"by": "third"}}
    data["impossible"] = ["a and b"]
    data["preferences"] = {
        "north": [
            {"when": f"sign and pay and {option}", "worth": worth, "issue": issue, "why": "t"}
            for option, issue, worth in (("a", "land", 6), ("a", "water", -2), ("b", "land", -2), ("b", "water", 6))
        ],
        "south": [{"when": "sign", "worth": 3, "why": "t"}],
        "third": [{"when": "(a or b) and sign and pay", "worth": 1, "why": "t"}],
    }
    result = asked(data)
    row = int(np.flatnonzero((result.levels == 1).all(axis=1))[0])
    assert result.gains[row].tolist() == [-2, -2, 3]
    assert result.signed[row].tolist() == [True, True]
    assert result.ratified[row].tolist() == [False, True]
    assert "Signed and not ratified, an involuntary defection: [sign, pay]" in " ".join(f.text for f in result.findings)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(-9, 9)), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_at_a_flip_the_party_is_indifferent(people: list[tuple[float, float]]) -> None:
    model = compile_model(read(many_people(len(people))))
    voices = voices_of(model, (0, 1))
    say = np.array([share for share, _ in people] + [1.0])
    say[:-1] = say[:-1] / say[:-1].sum() if say[:-1].sum() > 0 else 1 / len(people)
    gains = np.array([[gain for _, gain in people] + [1.0]])
    for item in ratification.flips(voices, gains, say, say):
        others = [k for k in range(len(people)) if k != item.voice]
        rest = say[others] / say[others].sum() if say[others].sum() > 0 else np.full(len(others), 1 / len(others))
        balance = [w * gains[0, item.voice] + (1 - w) * rest @ gains[0, others] for w in (item.at, item.at + 1e-3)]
        assert 0 < item.at < 1
        assert balance[0] == pytest.approx(0, abs=1e-9)
        assert (balance[1] > balance[0]) == item.accepts_above


def many_people(count: int) -> dict[str, Any]:
    return {
        "crisis": 1,
        "title": "people",
        "actors": {"north": {"people": {f"p{k}": {} for k in range(count)}}, "south": {}},
        "options": {"sign": {"by": "north"}, "pay": {"by": "south"}},
        "preferences": {
            "north": [
                {"when": "pay", "worth": 4, "why": "t"},
                {"when": "sign", "worth": -1, "issue": "land", "why": "t"},
            ],
            "south": [{"when": "pay", "worth": -2, "why": "t"}, {"when": "sign", "worth": 3, "why": "t"}],
        },
        "issues": {"land": "land"},
        "deals": {"swap": {"parties": ["north", "south"], "terms": ["sign", "pay"], "why": "t"}},
    }


def say_of(data: dict[str, Any], channel: str = "", given: Any = ()) -> tuple[list[float], list[float]]:
    model = compile_model(read(data))
    voices, values = voices_of(model, (0, 1)), centre_values(model)
    return home_say(model, voices, values)[0].tolist(), room_say(model, voices, values, channel, given)[0].tolist()


class TestSay:
    def test_without_shares_all_have_the_same(self) -> None:
        assert say_of(many_people(4))[0] == [0.25, 0.25, 0.25, 0.25, 1]

    def test_people_without_a_share_divide_the_rest(self) -> None:
        data = many_people(3)
        data["actors"]["north"]["people"]["p0"] = {"share": 0.5}
        assert say_of(data)[0] == [0.5, 0.25, 0.25, 1]

    def test_who_is_not_named_in_a_room_divides_the_rest_by_his_share(self) -> None:
        data = many_people(3)
        for person, share in (("p0", 0.2), ("p1", 0.6), ("p2", 0.2)):
            data["actors"]["north"]["people"][person] = {"share": share}
        data["channels"] = {"room": {"who": ["north", "south"], "voices": {"north": {"p0": 0.6}}, "why": "t"}}
        assert say_of(data, "room")[1] == pytest.approx([0.6, 0.3, 0.1, 1])
        assert say_of(data, "room", (("north.p1", 1.0),))[1] == pytest.approx([0.375, 0.625, 0, 1])
        assert say_of(data, "", (("north.p1", 0.0),))[1] == pytest.approx([0.5, 0, 0.5, 1])

    def test_a_room_in_which_nobody_has_a_say_is_a_fault(self) -> None:
        data = many_people(2)
        data["channels"] = {"room": {"who": ["north", "south"], "voices": {"north": {"p0": 0, "p1": 0}}, "why": "t"}}
        with pytest.raises(CrisisFileError, match="nobody has a say for north in room: every voice is 0"):
            say_of(data, "room")

    def test_who_is_named_with_no_say_leaves_it_to_the_others(self) -> None:
        data = many_people(2)
        data["channels"] = {"room": {"who": ["north", "south"], "voices": {"north": {"p0": 0}}, "why": "t"}}
        assert say_of(data, "room")[1] == [0, 1, 1]

    def test_required_say(self) -> None:
        data = many_people(2)
        plain = compile_model(read(data))
        assert required_say(plain, (0, 1), centre_values(plain)).tolist() == [[0.5, 0.5]]
        data["actors"]["north"]["ratifies"] = "0.6 in 0.5..0.8"
        stated = compile_model(read(data))
        assert required_say(stated, (0, 1), centre_values(stated)).tolist() == [[0.6, 0.5]]
        assert required_say(stated, (0, 1), centre_values(stated), 0.9).tolist() == [[0.9, 0.9]]


def test_half_the_say_is_enough_and_a_little_more_is_not() -> None:
    data = many_people(2)
    data["actors"]["north"]["people"]["p1"] = {"scale": {"land": 9}}
    assert asked(data).deal_ratified.tolist() == [[True, True]]
    found = asked(data, threshold=0.51, voices=(("north.p0", 1.0),))
    assert found.deal_ratified.tolist() == [[False, True]]
    assert found.deal_signed[0].tolist() == [[True, True]]
    assert "north signs and does not ratify (50 % of its say at home gains, 51 % needed)" in found.findings[0].text
    assert "an involuntary defection" in found.findings[0].text
    refused = asked(data, voices=(("north.p1", 1.0),))
    assert "north does not sign (−5), though 50 % of its say at home gains" in refused.findings[0].text
    assert [row[-1] for row in refused.tables[0].rows] == ["ratifiable, not signed"]


def test_each_draw_is_the_file_with_the_numbers_drawn() -> None:
    """Worths, shares, scales, voices, thresholds and chances put back into the file, one draw at a time."""
    for file in SOME[:6]:
        data = copy.deepcopy(file)
        first = next(iter(data["actors"]))
        for terms in data["preferences"].values():
            for term in terms:
                centre = float(term["worth"])
                term["worth"] = f"{centre} in {centre - 3}..{centre + 3}"
        for person in data["actors"][first]["people"].values():
            person["scale"] = {issue: f"{factor} in 0..4" for issue, factor in person["scale"].items()}
        data["actors"][first]["ratifies"] = "0.5 in 0.2..0.9"
        data["channels"]["room"]["voices"][first] = {"p0": "0.5 in 0..1"}
        model = compile_model(read(data))
        values = draw_matrix(model.inputs, 8, 0)
        runs = [asked(_with(data, model, row), channel="room") for row in values]
        drawn = asked(data, draws=8, channel="room").shares
        assert drawn is not None
        signed = np.array([run.signed.all(axis=1) for run in runs])
        ratified = np.array([run.ratified.all(axis=1) for run in runs])
        assert drawn.package_signed == pytest.approx(signed.mean(axis=0))
        assert drawn.package_ratified == pytest.approx(ratified.mean(axis=0))
        assert drawn.package_kept == pytest.approx((signed & ratified).mean(axis=0))
        assert drawn.accepts == pytest.approx(np.mean([run.deal_gains > 1e-9 for run in runs], axis=0))
        assert drawn.signs == pytest.approx(np.mean([run.deal_signed for run in runs], axis=0))


def _with(data: dict[str, Any], model: Model, row: np.ndarray) -> dict[str, Any]:
    exact = copy.deepcopy(data)
    for item, value in zip(model.inputs, row, strict=True):
        head, *rest = item.path.split(".")
        if head == "preferences":
            next(term for term in exact[head][rest[0]] if term["id"] == rest[1])["worth"] = repr(float(value))
            continue
        place = exact[head]
        if head == "no_deal":
            continue  # exact in these files
        for key in rest[:-1]:
            place = place[key]
        place[rest[-1]] = repr(float(value))
    return exact


def test_a_chance_given_on_the_command_line_is_drawn() -> None:
    wide = founding(draws=200, hazard=(("", "0.05..0.9"),)).shares
    narrow = founding(draws=200, hazard=(("", "0.05"),)).shares
    assert wide is not None
    assert narrow is not None
    assert (wide.accepts != narrow.accepts).any()


def test_same_seed_same_shares_and_another_seed_others() -> None:
    first, again, other = (founding(draws=64, seed=seed).shares for seed in (0, 0, 1))
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.package_kept.tobytes() == again.package_kept.tobytes()
    assert first.package_kept.tobytes() != other.package_kept.tobytes()


class TestAsking:
    @pytest.mark.parametrize(
        ("params", "words"),
        [
            ({"channel": "finnland"}, 'unknown channel "finnland"; did you mean "finland"'),
            (
                {"voices": (("us.presidnt", 0.5),)},
                '"us.presidnt" is no person of a party, written as actor.person; did you mean "us.president"',
            ),
            ({"voices": (("russia", 1.0),)}, '"russia" is no person of a party'),
            ({"voices": (("us.president", 1.5),)}, 'weight of "us.president" is 1.5; it must be between 0 and 1'),
            (
                {"voices": (("us.president", 0.7), ("us.establishment", 0.5))},
                'weights of the people of "us" add up to 1.2; at most 1',
            ),
            ({"threshold": 1.2}, "the threshold is 1.2; it must be between 0 and 1"),
            ({"disagreement": -0.2}, "the disagreement is -0.2; it must be between 0 and 1"),
            ({"reserve": "0.4 to 0.8"}, '"0.4 to 0.8" leans to a side; write bounds'),
            ({"reserve": "soon"}, '"soon" is no share of a prize'),
            ({"parties": ("russia", "maduro")}, "this needs people in a party: nobody inside russia or maduro"),
        ],
    )
    def test_refusals(self, params: dict[str, Any], words: str) -> None:
        with pytest.raises(NotSupportedError, match=words):
            founding(**params)

    def test_need_where_nobody_is_told_apart(self) -> None:
        data = copy.deepcopy(open_crisis(CASE).data)
        del data["actors"]["us"]["people"]
        for channel in data["channels"].values():
            channel.pop("voices")
        study = Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis"))
        [need] = study.needs("ratification")
        assert need.section == "people in a party"
        shown = yaml.safe_load(need.example)
        assert check_text(yaml.safe_dump(many_people(2) | {"actors": {**shown["actors"], "south": {}}})).file

    def test_a_threshold_outside_0_to_1_in_the_file(self) -> None:
        data = many_people(2)
        data["actors"]["north"]["ratifies"] = 60
        report = check_text(yaml.safe_dump(data, sort_keys=False))
        assert [(item.code, item.path) for item in report.errors] == [("out-of-range", "actors.north.ratifies")]


def test_words_of_the_founding_case() -> None:
    result = founding(channel="secret", draws=50)
    said = {finding.id: finding for finding in reversed(result.findings)}
    assert said["ratification.deal"].text == (
        "grand_swap: president +19.4, establishment −36.6, Russia +51.5 against no deal. All sign and ratify."
    )
    assert "signed by the voices of secret and summit; not signed by the voices of finland and rome" in (
        said["ratification.rooms"].text
    )
    assert "if president has more than 65.4 % of the say, against it below" in said["ratification.flip"].text
    assert said["ratification.voices"].tag == "assumed"
    assert "in 50 draws" not in said["ratification.draws"].text
    assert "of 50 draws" in said["ratification.draws"].text
    assert not any("probab" in finding.text or "likely" in finding.text for finding in result.findings)
    assert result.charts[0].id == "voices"


def test_document_and_commands() -> None:
    words = [
        "ratification",
        CASE,
        "--channel",
        "summit",
        "--draws",
        "20",
        "--reserve",
        "0.4..0.8",
        "--disagreement",
        "0.1",
    ]
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["rooms"][0] == {
        "channel": "summit", "weights": {"us.president": 1.0, "us.establishment": 0.0, "russia": 1.0},
    }  # fmt: skip
    assert document["offer"]["offer"] == pytest.approx(0.65)
    assert len(document["packages"]) == 14
    assert document["deals"][0]["turns_at"][0]["person"] == "us.president"
    full = json.loads(CliRunner().invoke(app, [*words, "--json", "--full"]).stdout)
    assert len(full["packages"]) == 95
    lines = CliRunner().invoke(app, [*words, "--csv"]).stdout.splitlines()
    assert lines[0] == "deal,gain.us.president,gain.us.establishment,gain.russia,say.us,outcome,kept"
    assert CliRunner().invoke(app, ["ratification", CASE, "--voices", "us.president=most"]).exit_code == 2
    given = CliRunner().invoke(app, ["ratification", CASE, "--voices", "us.president=0.7"])
    assert "those who negotiate (given) weigh president 70 %" in " ".join(given.stdout.split())
