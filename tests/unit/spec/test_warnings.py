"""What should be mended but stops nothing."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (", why: it has begun}", "}", "no_deal 1 has neither from nor why"),
        (", why: an example}", "}", "deals swap has neither from nor why"),
        (", why: both live on it}", "}", "hostages trade has neither from nor why"),
        (", why: a dry year}", "}", "variants dry has neither from nor why"),
        (", why: it fears the dam}", "}", "frames south has neither from nor why"),
        (", why: a wet year}", "}", "dials rain has neither from nor why"),
        ("share: 0.4", "share: 0.3", "the shares of the people of north add up to 0.9"),
        ("on: 2024-07-01", "on: 2024-05-01", "late-1 is marked hindsight but was published on 2024-05-01"),
        ("why: trade goes on", "from: [late-1]", "late-1 is hindsight and supports an input"),
    ],
)
def test_one_warning(old, new, message, base, checked):
    check = checked(base.replace(old, new))
    assert check.file is not None, check.problems
    assert [problem.severity for problem in check.problems] == ["warning"]
    assert message in check.problems[0].message
    assert check.problems[0].fix
    assert check.file.warnings == check.problems
    assert ": warning: " in str(check.problems[0])


def test_ties_against_an_ordering(base, checked):
    check = checked(
        base.replace("order: [quiet, built]", "order: [quiet, built, mild]").replace(
            "  quiet:", "  mild: [dam, border = open]\n  quiet:"
        )
    )
    assert [(p.code, p.severity) for p in check.problems] == [("ordering-tied", "warning")]
    assert "the worths of south tie built with mild (built -30, mild -30)" in check.problems[0].message


def test_tiers_are_compared_core_first(base, checked):
    text = base.replace("{id: loss, when: dam, worth: -30", "{id: loss, tier: lesser, when: dam, worth: -30")
    text = text.replace("{id: calm, when: talks", "{id: calm, tier: core, when: talks")
    assert checked(text).problems == ()
    contradicted = checked(text.replace("worth: 5 to 9", "worth: -1").replace("worth: -30", "worth: 90")).errors
    assert [problem.code for problem in contradicted] == ["ordering-contradicted"]
    assert "(quiet -1 then 0, built 0 then 90)" in contradicted[0].message


def test_events_and_dates(base, checked):
    text = base + "events:\n  - {on: 2024-06-02, code: CONSULTS, who: north.chief, what: They meet, from: press-1}\n"
    problems = checked(text).problems
    assert [(p.code, p.severity) for p in problems] == [("after-as-of", "warning"), ("unknown-code", "warning")]
    assert 'did you mean "CONSULT"?' in problems[1].fix


def test_one_name_may_stand_without_brackets(base, checked):
    text = base + "events:\n  - {on: 2024-05-02, code: CONSULT, who: §, what: They meet, from: press-1}\n"
    file = checked(text.replace("§", "north.chief")).file
    assert file is not None
    assert file.crisis.events[0].who == ("north.chief",)
    assert [p.code for p in checked(text.replace("§", "nord.chief")).errors] == ["unknown-actor"]
    cited = text.replace("They meet, from: press-1", "They meet, from: press-7").replace("§", "north")
    assert [p.code for p in checked(cited).errors] == ["unknown-source"]


def test_preferences_without_support(checked):
    text = "crisis: 1\ntitle: x\nactors: {a: {}}\noptions: {go: {by: a}}\npreferences:\n  a: {order: [go]}\n"
    problems = checked(text).problems
    assert [(p.code, p.severity, p.line, p.column) for p in problems] == [("no-support", "warning", 6, 3)]
    assert "the preferences of a have neither from nor why" in problems[0].message
