"""Faults in who told whom what: signals that tell nothing or cannot be sent, types that are the same, dead paths."""

from __future__ import annotations

from backchannel.spec.changes import to_data
from backchannel.spec.condition import Condition
from backchannel.spec.crisis import Crisis
from backchannel.spec.information import Signal
from backchannel.spec.inputs import PatchError, locate, member_keys
from backchannel.spec.nodes import Path
from backchannel.spec.number import Number
from backchannel.spec.positions import Reporter, suggest


def check_information(crisis: Crisis, report: Reporter) -> None:
    """Check propositions, signals, contested events, red lines and events of a crisis as a whole."""
    _check_propositions(crisis, report)
    for name, signal in crisis.signals.items():
        _check_likelihoods(("signals", name), signal.if_true, signal.if_false, "the signal", report)
        _check_sender(crisis, name, signal, report)
        _check_also(crisis, name, signal, report)
        _check_cost(name, signal, report)
    for name, about in crisis.contested.items():
        for place, said in enumerate(about.reports):
            path: Path = ("contested", name, "reports", place)
            _check_likelihoods(path, said.if_true, said.if_false, "the report", report)
    _check_channels(crisis, report)
    _check_red_lines(crisis, report)
    _check_was(crisis, report)


def _same(first: Number, second: Number) -> bool:
    return (first.centre, first.low, first.high) == (second.centre, second.low, second.high)


def _check_likelihoods(path: Path, if_true: Number, if_false: Number, what: str, report: Reporter) -> None:
    if _same(if_true, if_false):
        message = f"{what} tells nothing: its chance is {if_true.text} whether the statement is true or false"
        fix = "make if_true and if_false differ, or record it under events"
        report.at((*path, "if_false"), "cannot-separate", message, fix)


def _check_sender(crisis: Crisis, name: str, signal: Signal, report: Reporter) -> None:
    _check_knows(crisis, signal, signal.that, ("signals", name, "by"), report)
    for receiver in signal.to:
        if receiver == signal.by:
            message = f"{signal.by} sends this signal to itself"
            report.at(("signals", name, "to"), "signal-to-itself", message, "name who is to be convinced")


def _check_knows(crisis: Crisis, signal: Signal, that: str, path: Path, report: Reporter) -> None:
    sender = signal.by.partition(".")[0]
    knows = _whose(crisis, that)
    if sender in crisis.actors and knows and sender not in knows:
        owner = " or ".join(sorted(knows))
        message = f"{signal.by} cannot signal this: only {owner} knows whether {that} is true"
        fix = f"name {owner} as the sender, or put what {sender} says of it under contested"
        report.at(path, "cannot-send", message, fix)


def _check_also(crisis: Crisis, name: str, signal: Signal, report: Reporter) -> None:
    seen = {signal.that}
    for place, bearing in enumerate(signal.also):
        path: Path = ("signals", name, "also", place)
        _check_likelihoods(path, bearing.if_true, bearing.if_false, "the signal", report)
        _check_knows(crisis, signal, bearing.that, (*path, "that"), report)
        if bearing.that in seen:
            message = f"{name} bears on {bearing.that} twice, and would move one belief by two pairs of chances"
            report.at((*path, "that"), "bears-twice", message, "keep one pair of chances for each statement")
        seen.add(bearing.that)


def _check_cost(name: str, signal: Signal, report: Reporter) -> None:
    if signal.cost is None:
        return
    plain = [signal.cost.if_true is not None, signal.cost.if_false is not None]
    parts = signal.cost.sunk is not None or signal.cost.tied is not None
    if parts == any(plain) or any(plain) != all(plain):
        message = f"it cannot be told what {name} costs each type"
        fix = "write if_true and if_false, or in their place sunk and tied with an if_true and an if_false each"
        report.at(("signals", name, "cost"), "unclear-cost", message, fix, on_key=True)


def _whose(crisis: Crisis, statement: str) -> set[str]:
    """Return the actors whose own choice or type a statement is about; none if that cannot be told."""
    if statement in crisis.propositions:
        return {crisis.propositions[statement].about}
    if statement in crisis.options:
        return {crisis.options[statement].by}
    return _choosers(crisis, crisis.defines[statement]) if statement in crisis.defines else set()


def _choosers(crisis: Crisis, condition: Condition) -> set[str]:
    found: set[str] = set()
    for name in condition.ids():
        if name in crisis.options:
            found.add(crisis.options[name].by)
        elif name in crisis.defines:
            found |= _choosers(crisis, crisis.defines[name])
    return found


def _check_propositions(crisis: Crisis, report: Reporter) -> None:
    for name, about in crisis.propositions.items():
        path: Path = ("propositions", name)
        if about.dial is None and (about.if_true is not None or about.if_false is not None):
            message = f"{name} says where a dial stands and names none"
            report.at(path, "types-without-dial", message, "add dial: the name of a dial", on_key=True)
        elif about.dial is not None:
            at = [0.0 if number is None else number.centre for number in (about.if_true, about.if_false)]
            if at[0] == at[1]:
                message = f"the dial {about.dial} stands at {at[0]:g} whether {name} is true or false"
                fix = "give if_true and if_false different positions from 0 to 1"
                report.at((*path, "dial"), "cannot-separate", message, fix)


def _check_channels(crisis: Crisis, report: Reporter) -> None:
    for name, about in crisis.channels.items():
        parties = dict.fromkeys(who.partition(".")[0] for who in about.who)
        if len(parties) == 1:
            message = f"{name} holds nobody but {next(iter(parties))}: talks take two"
            report.at(("channels", name, "who"), "talks-to-itself", message, "add whom it talks to")
        for actor, weights in about.voices.items():
            people = crisis.actors[actor].people if actor in crisis.actors else {}
            if weights and people.keys() <= weights.keys() and all(weight.high == 0 for weight in weights.values()):
                message = f"nobody has a say for {actor} in {name}: every voice is 0"
                fix = "give somebody a voice above 0, or drop the actor from voices"
                report.at(("channels", name, "voices", actor), "no-voice", message, fix)


def _check_red_lines(crisis: Crisis, report: Reporter) -> None:
    for name, line in crisis.red_lines.items():
        terms = crisis.preferences.get(line.by, ())
        if not isinstance(terms, tuple):
            continue
        keys = member_keys([(term.id or "", "") for term in terms])
        known = [f"preferences.{line.by}.{key}.worth" for key in keys]
        for field, target in (("cost", line.cost), ("clock", line.clock)):
            if target is not None and target not in known:
                message = f'the path "{target}" leads to no worth of {line.by}'
                report.at(("red_lines", name, field), "not-an-input", message, suggest(target, known))


def _check_was(crisis: Crisis, report: Reporter) -> None:
    if not any(event.was for event in crisis.events):
        return
    data = to_data(crisis)
    for place, event in enumerate(crisis.events):
        for target in event.was:
            try:
                locate(data, target)
            except PatchError as error:
                message = f'the path "{target}" leads nowhere at "{error.step}"'
                where: Path = ("events", place, "was", target)
                report.at(where, "unknown-path", message, suggest(error.step, error.known), on_key=True)
