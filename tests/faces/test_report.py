"""The briefing as a page: structure, links, safety, and what stands in which order."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from backchannel.faces.report.build import build_briefing
from backchannel.spec.cases import case_names
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study

VOID = {"meta", "br", "col", "rect", "line"}

GRAPH = """
crisis: 1
title: "A <script>alert(\\"1\\")</script> & 'graph'"
sources:
  s1: {on: 2001-02-03, by: press, claim: "<img src=x onerror=alert(1)>", url: "javascript:alert(1)"}
actors: {a: {name: "A & <b>B</b>"}, b: {from: s1}}
options: {}
states: {one: "All <i>quiet</i>", two_more: "Second", three: "Third"}
moves: [[a, one, two_more], [a, two_more, one], [b, two_more, three], [b, one, three]]
preferences:
  a: {ranking: [two_more, [one, three]], why: "seen \\"so\\""}
  b: {ranking: [three, one, two_more], from: s1}
"""
BARE = """
crisis: 1
title: Bare
actors: {row: {}, column: {}}
options: {x: {by: row, levels: [low, mid, high], today: mid}, y: {by: column}}
preferences:
  row: [{when: x >= mid, worth: 0.1, why: w, tier: core}, {when: y, worth: 0.2, why: w, tier: lesser}]
  column: {order: [x = high, "y -> x"], why: w}
"""
UNRANKED = """
crisis: 1
title: Unranked
actors: {row: {}, column: {}}
options: {x: {by: row}, y: {by: column}}
preferences:
  row: {ranking: ["no,no", "yes,no"], why: w}
  column: {ranking: ["no,no", "yes,no", "no,yes", "yes,yes"], why: w}
"""


def many(options: int) -> str:
    names = [f"x{k}" for k in range(options)]
    return (
        "crisis: 1\ntitle: Many\nactors: {row: {}, column: {}}\noptions:\n"
        + "".join(f"  {name}: {{by: row, final: yes}}\n" for name in names)
        + "preferences:\n  row: [{when: x0, worth: 0, why: w}]\n  column: []\n"
    )


def page(name: str, draws: int = 0, variant: str = "") -> str:
    return built(name, draws, variant)


@cache
def built(name: str, draws: int, variant: str) -> str:
    texts = {"graph": GRAPH, "bare": BARE, "unranked": UNRANKED, "many": many(7)}
    if name in texts:
        return build_briefing(Study.of(read_crisis_text(texts[name], name), draws=draws))
    return build_briefing(Study.open(name, draws=draws, variant=variant))


class Page(HTMLParser):
    """Collects what the tests ask for, and every tag that is not closed in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.headings: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        self.faults += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a":
            self.links.append(str(found["href"]))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def count(self, tag: str, **attrs: str) -> int:
        return sum(name == tag and all(found.get(k) == v for k, v in attrs.items()) for name, found in self.elements)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


PAGES = [
    *[(name, 0, "") for name in case_names()],
    ("graph", 0, ""),
    ("bare", 4, ""),
    ("unranked", 0, ""),
    ("many", 0, ""),
]
PAGES += [("venezuela-2019", 8, ""), ("venezuela-2019", 0, "kiev_defiant")]


@pytest.mark.parametrize("which", PAGES, ids=lambda which: "-".join(str(part) for part in which if part))
class TestEveryPage:
    def test_ids_are_unique_and_no_link_is_dead(self, which: tuple[str, int, str]) -> None:
        found = Page(page(*which))
        assert len(found.ids) == len(set(found.ids))
        inside = [link for link in found.links if link.startswith("#")]
        assert inside
        assert [link for link in inside if link[1:] not in set(found.ids)] == []
        assert [link for link in found.links if not link.startswith(("#", "https://", "http://"))] == []

    def test_it_is_well_formed_and_a_reader_can_find_the_way(self, which: tuple[str, int, str]) -> None:
        text = page(*which)
        found = Page(text)
        assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
        assert found.faults == []
        assert found.headings.count("h1") == 1
        levels = [int(heading[1]) for heading in found.headings]
        assert all(below - above <= 1 for above, below in pairwise(levels))
        assert [found.count(tag) for tag in ("header", "main", "footer", "nav")] == [1, 1, 1, 1]

    def test_tables_have_captions_and_headings_with_scope(self, which: tuple[str, int, str]) -> None:
        found = Page(page(*which))
        assert found.count("table") == found.count("caption") > 0
        assert [attrs for tag, attrs in found.elements if tag == "th" and "scope" not in attrs] == []
        assert found.count("table") == found.count("div", role="region", tabindex="0")

    def test_it_runs_nothing_and_asks_for_nothing(self, which: tuple[str, int, str]) -> None:
        found = Page(page(*which))
        tags = {tag for tag, _ in found.elements}
        assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
        names = {name for _, attrs in found.elements for name in attrs}
        assert not {name for name in names if name.startswith("on")} | names & {"src", "srcset", "style", "background"}
        policy = "default-src 'none'; style-src 'unsafe-inline'"
        assert found.count("meta", **{"http-equiv": "Content-Security-Policy", "content": policy}) == 1

    def test_it_is_small(self, which: tuple[str, int, str]) -> None:
        assert len(page(*which).encode()) < 1_000_000


def test_the_same_study_gives_the_same_bytes() -> None:
    again = build_briefing(Study.open("venezuela-2019", draws=8))
    assert again == page("venezuela-2019", 8)


def test_what_a_file_says_is_never_markup() -> None:
    text = page("graph")
    assert (
        "<title>A &lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; &#39;graph&#39; – crisis briefing</title>"
        in text
    )
    assert "A &amp; &lt;b&gt;B&lt;/b&gt;" in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "All &lt;i&gt;quiet&lt;/i&gt;" in text
    assert "<code>javascript:alert(1)</code>" in text
    assert 'href="javascript' not in text


def test_sections_stand_in_the_order_a_reader_needs() -> None:
    text = page("venezuela-2019")
    order = (
        "bottom-line",
        "situation",
        "outcomes",
        "reasons",
        "wants",
        "watch",
        "sources",
        "hindsight",
        "method",
        "run",
    )
    places = [text.index(f'id="{name}"') for name in order]
    assert places == sorted(places)


def lead(text: str) -> str:
    found = re.search(r'<div id="judgement-text">(.*?)</div>', text, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


@pytest.mark.parametrize("draws", [0, 8])
def test_the_first_sixty_words_judge_and_say_what_would_change_it(draws: int) -> None:
    words = lead(page("venezuela-2019", draws))
    assert len(words.split()) <= 60
    assert words.startswith("Today (status quo) is stable by all four concepts: nobody has a move")
    assert "follows from the order of preferences." in words
    assert "What would change it: a change in the order of preferences" in words
    assert ("of 8 draws within the stated ranges" in words) is bool(draws)


def test_likelihood_words_stay_out_of_the_lead_and_confidence_stands_alone() -> None:
    text = page("venezuela-2019", 8)
    assert not re.search(r"\b(likely|unlikely|probabl\w+|possibly|may|might|chance|confidence)\b", lead(text))
    assert (
        "Basis for confidence. The judgement uses 44 numbers: 33 name a source, 11 rest on the analyst’s"
        in Page(text).text
    )


def test_counts_of_support_are_those_of_the_file() -> None:
    study = Study.open("venezuela-2019")
    worths = [item for item in study.model.inputs if item.path.startswith("preferences.")]
    judged = sum(item.is_judgement for item in worths)
    text = Page(page("venezuela-2019")).text
    assert f"uses {len(worths)} numbers: {len(worths) - judged} name a source, {judged} rest on" in text
    assert page("venezuela-2019").count('class="judged"') >= judged


def row(text: str, name: str) -> str:
    found = re.search(rf'<tr[^>]*>\s*<th scope="row"><a href="#outcomes\.{name}">.*?</tr>', text, re.DOTALL)
    assert found
    return found[0]


def cells(text: str, name: str) -> list[str]:
    parts = re.findall(r"<td[^>]*>(.*?)</td>", row(text, name), re.DOTALL)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", part, flags=re.DOTALL).split()) for part in parts]


def test_outcomes_show_utility_gain_and_verdict_in_words() -> None:
    shown = cells(page("venezuela-2019"), "grand_swap")
    assert shown[:2] == ["−17 ▲ +1 against today", "56 ▲ +41 against today"]
    assert shown[5:] == ["−65 ▼ −65 against today", "– no", "– no", "– no", "– no"]
    assert cells(page("venezuela-2019"), "status_quo") == [
        "−18",
        "15",
        "30",
        "12",
        "2",
        "0",
        "yes",
        "yes",
        "yes",
        "yes",
    ]


def test_ordinal_outcomes_show_no_difference_in_points() -> None:
    assert cells(page("prisoners-dilemma"), "cooperation")[:2] == ["3 ▲ better against today"] * 2
    assert "<svg" not in page("prisoners-dilemma")


def test_tiers_decide_the_direction_not_the_sum() -> None:
    """Core worths rank first: losing 0.1 of core for 0.2 of the lesser tier is worse."""
    text = BARE.replace("preferences:", "states: {less: [y]}\npreferences:")
    shown = cells(build_briefing(Study.of(read_crisis_text(text, "tiers"))), "less")
    assert shown[0] == "0.2 ▼ worse against today"


def test_a_figure_leads_to_the_worths_it_is_made_of_and_these_to_sources_and_back() -> None:
    text = page("venezuela-2019")
    assert 'href="#outcomes.sold_for_nothing.us"' in row(text, "sold_for_nothing")
    found = re.search(r'<li id="outcomes.sold_for_nothing.us">(.*?)</li>', text, re.DOTALL)
    assert found
    assert re.sub(r"<[^>]+>", "", found[1]) == "United States 63 = +60 win, +3 orderly"
    assert 'href="#preferences.us.win"' in found[1]
    term = re.search(r'<tr id="preferences.us.win".*?</tr>', text, re.DOTALL)
    assert term
    assert '<a class="worth" href="#sources.C7">+60</a>' in term[0]
    assert "40 to 80, hard bounds" in term[0]
    source = re.search(r'<tr id="sources.C7".*?</tr>', text, re.DOTALL)
    assert source
    assert '<a href="#preferences.us.win">United States: win</a>' in source[0]


def test_judgement_looks_different_from_what_a_source_says() -> None:
    text = page("venezuela-2019")
    judged = re.search(r'<tr id="preferences.us.money" class="judged">.*?</tr>', text, re.DOTALL)
    assert judged
    assert "Analyst’s judgement:" in judged[0]
    assert 'href="#judgement"' in judged[0]
    assert '<tr id="preferences.us.win" class="sourced">' in text


def test_reasons_are_said_once_for_all_concepts_they_serve() -> None:
    found = re.search(
        r'<article class="outcome" id="outcomes.planes">(.*?)</article>', page("venezuela-2019"), re.DOTALL
    )
    assert found
    said = re.sub(r"<[^>]+>", "", found[1])
    assert "Leaves by Nash, SEQ: Russia could undo" in said
    assert "Stays by GMR, SMR: Russia could undo" in said
    assert "No better move: United States; Nicolás Maduro" in said
    backs_down = re.search(r'id="outcomes.us_backs_down">(.*?)</article>', page("venezuela-2019"), re.DOTALL)
    assert backs_down
    assert backs_down[1].count("Leaves by every concept:") == 1
    assert backs_down[1].count('class="said"') == 1


def test_hindsight_is_named_and_feeds_nothing() -> None:
    text = page("venezuela-2019")
    before, after = text.split('id="hindsight"')
    assert "rovaniemi-0506" not in before
    assert after.count("<strong>Hindsight.</strong>") == 6
    assert "Link" not in re.findall(r'id="sources.hill-1108".*?</tr>', after, re.DOTALL)[0]


def test_run_identity_stands_in_the_footer() -> None:
    study = Study.open("venezuela-2019", draws=8)
    footer = page("venezuela-2019", 8).split('<footer id="run">')[1]
    identity = study.provenance
    assert identity.sha256 in footer
    assert f"<code>{identity.sha256[:12]}</code>" in footer
    assert f"Backchannel {identity.version}" in footer
    assert "<dd>0, 8</dd>" in footer


def test_a_variant_is_announced_with_what_it_changes() -> None:
    text = Page(page("venezuela-2019", 0, "kiev_defiant")).text
    assert "Variant in force: kiev_defiant (added by the analyst: Kyiv can afford to refuse)" in text
    assert "Changed against the file: preferences.ukraine.refuse.worth = -25." in text


def test_shares_of_draws_are_never_probabilities() -> None:
    text = Page(page("venezuela-2019", 8)).text
    assert "share of 8 draws" in text
    assert "in draws within the stated ranges, by Nash in" in text
    assert "they are no forecast" in text


def test_a_file_that_cannot_be_judged_still_gets_its_briefing() -> None:
    text = Page(page("unranked")).text
    assert "This file cannot be judged as it stands." in text
    assert "a ranking of every state for row" in text
    assert "Outcomes, best first:" in text


def test_rows_left_out_are_counted() -> None:
    """Every state of this file is an equilibrium: 128 of them, of which today and 29 others are shown."""
    text = page("many")
    assert "98 further stable outcomes left out here" in text
    assert text.count('<article class="outcome"') == 30


def test_merged_states_and_paths_from_today() -> None:
    text = Page(page("elmira-1991")).text
    assert "Counted as one outcome: all states with “Abandon the plant”." in text
    assert "From s1, 1 other state can be reached by improvements" in text
    assert "Local government would insist on the original order" in text


def test_a_listed_graph_shows_its_states_and_moves() -> None:
    text = Page(page("graph")).text
    assert "two more: Second" in text
    assert "Who can move where" in text
    assert "could go to two more, which it prefers" in text
