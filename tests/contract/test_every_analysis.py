"""One battery over every registered analysis: what each must do whatever it computes."""

from __future__ import annotations

import copy
from dataclasses import fields
from importlib import import_module
from itertools import permutations
from typing import Any

import numpy as np
import pytest
import yaml

from backchannel.analyses.contract import Context
from backchannel.analyses.registry import ENTRIES, entry, load
from backchannel.errors import CancelledError, NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.results.codec import dumps, loads
from backchannel.results.finding import TAG_WORDS
from backchannel.results.provenance import Provenance
from backchannel.results.result import Result
from backchannel.spec.cases import case_names, open_crisis
from backchannel.spec.read import CrisisFile, read_crisis_text
from backchannel.study.study import Study

NAMES = tuple(line.name for line in ENTRIES)
CASES = case_names()
FOUNDING = "venezuela-2019"


def data_of(case: str) -> dict[str, Any]:
    return copy.deepcopy(open_crisis(case).data)


def with_needs(data: dict[str, Any], analysis: str) -> dict[str, Any]:
    """Add what an analysis asks for and no bundled case has: what is much preferred, or a scale to hand points over."""
    if analysis == "surplus":
        return copy.deepcopy(data) | {"scale": {"transferable": "yes", "why": "declared by the test"}}
    if analysis != "strength":
        return data
    data = copy.deepcopy(data)
    for actor, about in data["preferences"].items():
        if "ranking" in about:
            about["ranking"].insert(1, ">>")
        else:
            data.setdefault("strength", {})[actor] = "0"
    return data


def opened(case: str, analysis: str) -> CrisisFile:
    """A bundled case, with what the analysis asks for."""
    file = open_crisis(case)
    data = with_needs(file.data, analysis)
    return file if data is file.data else read_crisis_text(yaml.safe_dump(data, sort_keys=False), case)


def answerable(case: str, analysis: str) -> bool:
    """Whether the file holds what the analysis requires; where it does not, the refusal itself is checked."""
    study = Study.open(case)
    if not (needs := study.needs(analysis)):
        return True
    if not Study.of(opened(case, analysis)).needs(analysis):
        return True
    with pytest.raises(NotSupportedError, match="Add a line such as"):
        study.run(analysis)
    assert all(need.section and need.why and need.example for need in needs)
    return False


def result_of(data: dict[str, Any], analysis: str, draws: int = 0) -> Result | None:
    """Run an analysis on file data; None where the file lacks what it requires."""
    data = with_needs(data, analysis)
    study = Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis"), draws=draws)
    return None if study.needs(analysis) else study.run(analysis)


def test_registry_and_folder_agree() -> None:
    for line in ENTRIES:
        module = import_module(line.module)
        assert line.module.rsplit(".", 1)[-1] == line.name
        assert line.question.endswith("?")
        assert callable(module.run)
        assert callable(module.requires)
        assert module.Params


def test_unknown_analysis_is_refused() -> None:
    with pytest.raises(NotSupportedError, match='unknown analysis "stabilty"; known: stability'):
        entry("stabilty")


def test_registry_imports_no_analysis() -> None:
    import subprocess
    import sys

    code = "import backchannel.analyses.registry, sys; print('numpy' in sys.modules, 'pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("analysis", NAMES)
@pytest.mark.parametrize("case", CASES)
def test_input_is_unchanged_and_bytes_repeat(analysis: str, case: str) -> None:
    if not answerable(case, analysis):
        return
    file = opened(case, analysis)
    before = copy.deepcopy(file.data)
    first = dumps(Study.of(file, seed=0, draws=8).run(analysis))
    again = dumps(Study.of(opened(case, analysis), seed=0, draws=8).run(analysis))
    assert first == again
    assert file.data == before


@pytest.mark.parametrize("analysis", NAMES)
@pytest.mark.parametrize("case", CASES)
def test_json_round_trip(analysis: str, case: str) -> None:
    if not answerable(case, analysis):
        return
    text = dumps(Study.of(opened(case, analysis)).run(analysis))
    assert dumps(loads(text)) == text


@pytest.mark.parametrize("analysis", NAMES)
@pytest.mark.parametrize("case", CASES)
def test_result_is_whole(analysis: str, case: str) -> None:
    """Findings are not empty, ids are stable words, every array is finite, provenance names the file."""
    if not answerable(case, analysis):
        return
    result = Study.of(opened(case, analysis)).run(analysis)
    assert result.findings
    for finding in result.findings:
        assert finding.id.startswith(f"{analysis}.")
        assert finding.text.endswith(".") or finding.text.endswith(":") or finding.text.endswith("?")
        assert "{" not in finding.text
        assert finding.tag in TAG_WORDS
    for item in fields(result):
        value = getattr(result, item.name)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            assert np.isfinite(value).all(), item.name
    assert result.provenance.crisis == case
    assert len(result.provenance.sha256) == 64


@pytest.mark.parametrize("analysis", NAMES)
def test_cancel_stops_the_work(analysis: str) -> None:
    if not answerable(FOUNDING, analysis):
        return
    study = Study.of(opened(FOUNDING, analysis))
    context = Context(study.provenance, cancelled=lambda: True)
    with pytest.raises(CancelledError, match="stopped before the end"):
        load(analysis).run(study.model, context)


@pytest.mark.parametrize("analysis", NAMES)
def test_progress_is_told_and_ends(analysis: str) -> None:
    if not answerable(FOUNDING, analysis):
        return
    told: list[tuple[int, int]] = []
    study = Study.of(opened(FOUNDING, analysis), report=lambda done, total: told.append((done, total)))
    study.run(analysis)
    assert told
    assert all(0 <= done <= total for done, total in told)


@pytest.mark.parametrize("analysis", [name for name in NAMES if name != "unknown"])
def test_unknown_preference_is_refused_with_a_pointer(analysis: str) -> None:
    data = data_of("prisoners-dilemma")
    data["preferences"]["row"]["ranking"].pop()
    study = Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis"))
    assert study.needs(analysis)[0].section == "a ranking of every state for row"
    with pytest.raises(
        NotSupportedError, match=r"1 of 4 .* unknown preference to row; run: backchannel unknown CRISIS"
    ):
        study.run(analysis)


def verdict_sets(result: Any) -> dict[str, set[str]]:
    """What an ordinal analysis says, free of the order of actors; words are ids and state literals."""
    return {} if result is None else _READ[type(result).__name__](result)


def _stability(result: Any) -> dict[str, set[str]]:
    found = {}
    for k, concept in enumerate(result.concepts):
        found[concept] = {result.state[row] for row in np.flatnonzero(result.equilibrium[k]).tolist()}
        for i, actor in enumerate(result.actors):
            found[f"{concept} {actor}"] = {result.state[row] for row in np.flatnonzero(result.stable[k, i]).tolist()}
    return found


def _reachability(result: Any) -> dict[str, set[str]]:
    steps = result.steps.tolist()
    return {str(n): {s for s, m in zip(result.state, steps, strict=True) if m == n} for n in steps}


def _paths(result: Any) -> dict[str, set[str]]:
    pairs = zip(result.target, result.against.tolist(), result.steps.tolist(), strict=True)
    return {target: {f"{against} {steps}"} for target, against, steps in pairs}


def _confrontation(result: Any) -> dict[str, set[str]]:
    return {
        "pairs": {f"{item.actor} {item.other} {item.name}" for item in result.dilemmas},
        "options": {f"{item.option} {item.other} {item.dilemma} {item.mode} {item.whose}" for item in result.options},
    }


def _frames(result: Any) -> dict[str, set[str]]:
    return {game.actor: {*game.equilibria, f"moves {game.move}"} for game in result.games} | {"": {result.outcome}}


def _ablation(result: Any) -> dict[str, set[str]]:
    kinds = ("gained", "lost", "unavailable")
    return {f"{item.option} {kind}": set(getattr(item, kind)) for item in result.options for kind in kinds}


def _strength(result: Any) -> dict[str, set[str]]:
    found = {}
    for k, concept in enumerate(result.concepts):
        for i, actor in enumerate(result.actors):
            levels = result.general[k, i].astype(int) + result.strong[k, i]
            for level in range(3):
                rows = np.flatnonzero(levels == level).tolist()
                found[f"{concept} {level} {actor}"] = {result.state[row] for row in rows}
    return found


def _unknown(result: Any) -> dict[str, set[str]]:
    found = {}
    for k, concept in enumerate(result.concepts):
        for i, actor in enumerate(result.actors):
            kinds = {name: getattr(result, name)[k, i] == 1 for name in ("possible", "necessary")}
            kinds |= {name: result.stable[r, k, i] for r, name in enumerate(result.readings)}
            for name, mask in kinds.items():
                found[f"{concept} {name} {actor}"] = {result.state[row] for row in np.flatnonzero(mask).tolist()}
    return found


def _coalitions(result: Any) -> dict[str, set[str]]:
    found = {}
    for j, concept in enumerate(result.concepts):
        found[concept] = {result.state[row] for row in np.flatnonzero(result.universal[j]).tolist()}
        for k, members in enumerate(result.coalition):
            stable = {result.state[row] for row in np.flatnonzero(result.stable[k, j]).tolist()}
            found |= {" ".join((concept, *order)): stable for order in permutations(members)}
    return found


def _symbolic(result: Any) -> dict[str, set[str]]:
    return {"nash": set(result.state)}


def _inverse(result: Any) -> dict[str, set[str]]:
    found = {"free": set(result.free), "count": {result.count}, "total": {result.total}}
    for item in result.requirements:
        rows = {row for part in item.alternatives for row in part}
        found.setdefault(f"mentioned {item.actor}", set()).update(result.state[row] for row in rows)
    for remedy in result.remedies:
        found[" ".join(remedy.actors)] = {remedy.status}
    return found


def _signals(result: Any) -> dict[str, set[str]]:
    found = {f"{item.holder} {item.that} {item.event}": set() for item in result.thresholds}
    for item in result.thresholds:
        at = "" if item.flips_at is None else f"{item.flips_at:.9f}"
        found[f"{item.holder} {item.that} {item.event}"] |= {f"{name} {item.verdict} {at}" for name in item.courses}
    found |= {item.deal: {item.verdict} for item in result.optimism}
    return found | {item.name: {" ".join(item.order), str(item.is_credible)} for item in result.red_lines}


def _crisis_game(result: Any) -> dict[str, set[str]]:
    found = {}
    for item in result.lines:
        game, play = item.game, item.equilibria
        found[f"line {game.line}"] = {f"{game.challenger} against {game.defender}", *game.states}
        found[f"ends {game.line}"] = {" ".join(f"{value:.6f}" for value in row) for row in play.outcomes}
        found[f"certain {game.line}"] = set(item.certain)
        found[f"bluffs {game.line}"] = {"" if item.bluffing is None else f"{item.bluffing.war:.9f}"}
    return found


def _channels(result: Any) -> dict[str, set[str]]:
    found = {room: {f"{deal} {zone > 0} {holds}"} for room, deal, zone, _, holds in result.by_deal}
    for k, name in enumerate(result.ablations):
        pairs = np.argwhere(result.better[k] == 1).tolist()
        found[name] = {f"{result.channels[a]} {result.channels[b]}" for a, b in pairs}
    return found


def _commitment(result: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for item in result.deals:
        about = item.diagnosis
        found[f"{about.deal} kept"] = {about.end[-1]}
        found[f"{about.deal} at once"] = {" ".join(sorted(names)) for names in about.simultaneous}
        found[f"{about.deal} in turn"] = {
            f"{' '.join(play.order)} {play.recall} {play.reversible}: {' '.join(sorted(names))}"
            for play in about.sequences
            for names in play.outcomes
        }
        for k, concept in enumerate(result.concepts):
            unstable = {name for i, name in enumerate(result.actors) if not about.stable[k, i]}
            found[f"{about.deal} {concept}"] = unstable
    return found


def _ratification(result: Any) -> dict[str, set[str]]:
    found = {}
    for deal, name in enumerate(result.deals):
        found[f"gain {name}"] = {result.voices[k] for k in np.flatnonzero(result.deal_gains[deal] > 1e-9).tolist()}
        for room, voices in enumerate(result.rooms):
            signs = np.flatnonzero(result.deal_signed[room, deal]).tolist()
            found[f"sign {name} {voices}"] = {result.parties[k] for k in signs}
    return found


def _surplus(result: Any) -> dict[str, set[str]]:
    secured = {" ".join(sorted(names)) for names, worth in zip(result.coalition, result.worth, strict=True) if worth}
    return {"secured": secured, "core": {f"empty {result.least_core.core_empty}", f"shapley {result.in_core}"}}


def _pillars(result: Any) -> dict[str, set[str]]:
    found = {}
    for k, case in enumerate(result.cases):
        for i, pillar in enumerate(result.pillars):
            found[f"threshold {case} {pillar}"] = {f"{result.threshold[k, i]:.9f}", str(bool(result.reachable[k, i]))}
        for j, government in enumerate(result.governments):
            found[f"falls {case} {government}"] = {f"{result.falls_below[k, j]:.9f}"}
    found |= {f"exit {item.government} {item.option}": {f"{item.threshold}"[:9]} for item in result.exits}
    return found | {f"trigger {item.actor} {' '.join(item.options)}": set(item.ends) for item in result.triggers}


def _deals(result: Any) -> dict[str, set[str]]:
    def terms(rows: Any) -> set[str]:
        return {",".join(f"{o}={v}" for o, v in zip(result.options, result.levels[row], strict=True)) for row in rows}

    solved = result.solutions
    found = {name: terms(getattr(solved, name)) for name in ("zone", "front", "nash", "kalai_smorodinsky")}
    found["holds"] = terms(result.holding.rows[result.holding.seq])
    for item in result.named:
        gain = {f"{party} gains" for party, value in zip(result.parties, item.gains, strict=True) if value > 1e-9}
        found[f"deal {item.name}"] = gain | {f"holds {name}" for name in item.holds} | set(item.unmet)
        found[f"breakers {item.name}"] = set(item.breakers)
    return found | {f"frame {item.actor}": {f"{item.zone} of {item.packages}"} for item in result.seen}


def _frontier(result: Any) -> dict[str, set[str]]:
    def terms(rows: Any) -> set[str]:
        return {",".join(f"{o}={v}" for o, v in zip(result.options, row, strict=True)) for row in rows.tolist()}

    found = {"front": terms(result.shown), "restless": set(result.restless)}
    found["surely"] = {f"{name}={level}" for item in result.responses for name, level in item.surely}
    won = result.solution.nash
    return found | {"nash": terms(won.levels) if won is not None else set()}


def _linkage(result: Any) -> dict[str, set[str]]:
    found = {"opens": set(result.opens), "ballast": set(result.ballast)}
    for item in result.sets:
        found[" ".join(item.issues)] = {f"{item.zone} of {item.packages}", item.nash, item.nearest_package}
    for item in result.exchange:
        found[item.deal] = {f"{item.terms.ratio_of_ratios:.9f} {item.aversion:.9f}"}
    return found


def _price(result: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {f"price {name}": set() for name in result.parties}
    for item in result.concessions:
        found[f"price {item.giver}"].add(item.label)
    for item in result.clock:
        pairs = zip(result.parties, item.threshold, strict=True)
        found[f"clock {item.package}"] = {f"{party} {value:.9f}" for party, value in pairs}
        found[f"window {item.package}"] = {f"{item.low:.9f} {item.high:.9f}"}
    for item in result.deliveries:
        about = f"delivery {item.package} {item.seller} {item.what}"
        found[about] = {f"{party} {value:.9f}" for party, value in item.needs}
    return found


_READ: dict[str, Any] = {
    "DealsResult": _deals,
    "FrontierResult": _frontier,
    "LinkageResult": _linkage,
    "PriceResult": _price,
    "PillarsResult": _pillars,
    "RatificationResult": _ratification,
    "SurplusResult": _surplus,
    "CommitmentResult": _commitment,
    "SignalsResult": _signals,
    "CrisisGameResult": _crisis_game,
    "ChannelsResult": _channels,
    "InverseResult": _inverse,
    "SymbolicResult": _symbolic,
    "StrengthResult": _strength,
    "UnknownResult": _unknown,
    "StabilityResult": _stability,
    "ReachabilityResult": _reachability,
    "PathsResult": _paths,
    "ConfrontationResult": _confrontation,
    "FramesResult": _frames,
    "AblationResult": _ablation,
    "CoalitionsResult": _coalitions,
}


@pytest.mark.parametrize("analysis", NAMES)
@pytest.mark.parametrize("case", ["venezuela-2019", "cuba-1962", "elmira-1991"])
def test_reordering_actors_changes_nothing(analysis: str, case: str) -> None:
    data = data_of(case)
    plain = verdict_sets(result_of(data, analysis))
    for section in ("actors", "preferences"):
        data[section] = dict(reversed(list(data[section].items())))
    assert verdict_sets(result_of(data, analysis)) == plain


@pytest.mark.parametrize("analysis", NAMES)
@pytest.mark.parametrize("case", ["prisoners-dilemma", "cuba-1962"])
def test_renaming_actors_only_relabels(analysis: str, case: str) -> None:
    data = data_of(case)
    text = yaml.safe_dump(data, sort_keys=False)
    names = {actor: f"actor_{k}" for k, actor in enumerate(data["actors"])}
    renamed = {**data}
    renamed["actors"] = {names[a]: about for a, about in data["actors"].items()}
    renamed["preferences"] = {names[a]: about for a, about in data["preferences"].items()}
    renamed["options"] = {o: {**about, "by": names[about["by"]]} for o, about in data["options"].items()}
    kept = ("crisis", "title", "actors", "preferences", "options", "impossible", "defines")
    plain = verdict_sets(result_of({key: data[key] for key in kept if key in data} | _bare(data), analysis))
    found = verdict_sets(result_of({key: renamed[key] for key in kept if key in renamed} | _bare(data), analysis))
    back = {new: old for old, new in names.items()}

    def restored(words: str) -> str:
        return " ".join(back.get(word, word) for word in words.split(" "))

    assert {restored(key): {restored(item) for item in items} for key, items in found.items()} == plain
    assert yaml.safe_dump(data, sort_keys=False) == text


def _bare(data: dict[str, Any]) -> dict[str, Any]:
    sources = {name: {**about, "by": "press"} for name, about in data.get("sources", {}).items()}
    return {"sources": sources, **{key: data[key] for key in ("states", "issues") if key in data}}


@pytest.mark.parametrize("analysis", NAMES)
def test_positive_affine_rescaling_leaves_ordinal_verdicts(analysis: str) -> None:
    """Every worth times 3, and a constant added in every state."""
    data = data_of(FOUNDING)
    plain = verdict_sets(result_of(data, analysis))
    for actor, terms in data["preferences"].items():
        for term in terms:
            centre = float(str(term["worth"]).split(" in ")[0])
            term["worth"] = repr(centre * 3)
        terms.append({"when": "yes", "worth": "17.5", "why": f"a constant for {actor}"})
    assert verdict_sets(result_of(data, analysis)) == plain


@pytest.mark.parametrize("analysis", NAMES)
def test_an_impossible_state_added_changes_nothing(analysis: str) -> None:
    """An option that can never be taken only adds a level to each literal."""
    data = data_of("cuba-1962")
    keys = ("crisis", "title", "issues", "sources", "actors", "options", "impossible", "states")
    kept = {key: data[key] for key in keys if key in data}
    ranking = {
        actor: {"ranking": [*about["ranking"]], "why": "as published"} for actor, about in data["preferences"].items()
    }
    plain = verdict_sets(result_of({**kept, "preferences": ranking}, analysis))
    more = copy.deepcopy(kept)
    more["options"]["never"] = {"by": "us"}
    more["impossible"] = [*more["impossible"], "never"]
    longer = {
        actor: {"ranking": [f"{state},no" for state in about["ranking"]], "why": "as published"}
        for actor, about in ranking.items()
    }
    found = verdict_sets(result_of({**more, "preferences": longer}, analysis))

    def shortened(words: str) -> str:
        return " ".join(word.removesuffix(",no") if word.count(",") == 4 else word for word in words.split(" "))

    said = {shortened(key): {shortened(item) for item in items} for key, items in found.items()}
    assert {key: items for key, items in said.items() if not key.startswith("never ")} == plain


@pytest.mark.parametrize("analysis", NAMES)
def test_seed_zero_is_a_seed(analysis: str) -> None:
    if not answerable(FOUNDING, analysis):
        return
    first = dumps(Study.of(opened(FOUNDING, analysis), seed=0, draws=16).run(analysis))
    assert first == dumps(Study.of(opened(FOUNDING, analysis), seed=0, draws=16).run(analysis))
    assert '"seed":0' in first


def test_seeds_differ() -> None:
    first, second = (Study.open(FOUNDING, seed=seed, draws=64).run("stability") for seed in (0, 1))
    assert not np.array_equal(getattr(first, "share"), getattr(second, "share"))  # noqa: B009


def test_codec_refuses_what_it_must() -> None:
    with pytest.raises(ValueError, match="not a saved result of format 1"):
        loads('{"codec": 99, "result": 1}')
    with pytest.raises(ValueError, match="may not name os"):
        loads('{"codec": 1, "result": {"class": "os:system", "fields": {}}}')
    with pytest.raises(TypeError, match="cannot hold complex"):
        dumps(Provenance("a", "b", "c", 1j))  # type: ignore[arg-type]


def test_every_case_compiles() -> None:
    assert {name for name in CASES if compile_model(open_crisis(name).crisis).space.cells.size > 0} == set(CASES)
