"""Two thousand spoilt copies of the bundled cases: always an answer, always in its place, never an exception."""

from __future__ import annotations

import random
import re

import pytest

from backchannel.spec.cases import case_names, case_text
from backchannel.spec.read import Check, check_text

COPIES = 2_000
PARTS = 8
JARGON = re.compile(r"Input should|[Vv]alidation|pydantic|dictionary|tuple|instance of|NoneType")
SIGNS = "{}[]:,-?&*!|>'\"%@`#=<()\n\n\t  abyes019.é\u2028\x00"


def pieces(text: str) -> list[str]:
    return re.findall(r"[\w.-]+|\s+|.", text)


def mutate(text: str, chance: random.Random) -> str:
    kind = chance.randrange(9)
    lines = text.splitlines(keepends=True)
    here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
    place = chance.randrange(len(text))
    if kind == 0:
        return text[:place] + text[place + chance.randrange(1, 4) :]
    if kind == 1:
        return text[:place] + chance.choice(SIGNS) + text[place:]
    if kind == 2:
        del lines[here : here + chance.randrange(1, 4)]
    elif kind == 3:
        lines.insert(there, lines[here])
    elif kind == 4:
        lines[here], lines[there] = lines[there], lines[here]
    elif kind == 5:
        lines[here] = " " * chance.randrange(9) + lines[here].lstrip(" ")
    elif kind == 6:
        words = pieces(text)
        one, two = chance.randrange(len(words)), chance.randrange(len(words))
        words[one], words[two] = words[two], words[one]
        return "".join(words)
    elif kind == 7:
        other = case_text(chance.choice(case_names())).splitlines(keepends=True)
        start = chance.randrange(len(other))
        lines[here:here] = other[start : start + chance.randrange(1, 30)]
    else:
        lines = lines[: here + 1]
    return "".join(lines)


def line_count(text: str) -> int:
    return len(re.split(r"\r\n|\r|\n", text))


def is_sound(check: Check, text: str) -> str:
    if (check.file is None) == (not check.errors):
        return "neither a file nor errors"
    for problem in check.problems:
        if not 1 <= problem.line <= line_count(text) or problem.column < 1:
            return f"outside the file: {problem}"
        if JARGON.search(problem.message + problem.fix):
            return f"jargon: {problem}"
    return ""


@pytest.mark.parametrize("part", range(PARTS))
def test_spoilt_copies(part):
    chance = random.Random(1000 + part)
    texts = [case_text(name) for name in case_names()]
    accepted = 0
    for _ in range(COPIES // PARTS):
        text = chance.choice(texts)
        for _ in range(chance.choice((1, 1, 2, 5))):
            text = mutate(text, chance) or "\n"
        check = check_text(text, "spoilt.yaml")
        assert is_sound(check, text) == "", f"{is_sound(check, text)}\n{text}"
        accepted += check.file is not None
    assert 0 < accepted < COPIES // PARTS
