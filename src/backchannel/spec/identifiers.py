"""Ids made of names, and texts written as YAML scalars."""

from __future__ import annotations

import re
import unicodedata

from backchannel.spec.condition import RESERVED

_PLAIN = re.compile(r"[^\W\d_](?:[\w -]*\w)?")
_WORDS_TO_AVOID = RESERVED | {"null", "all", "default", "today", "from", "why"}


def identifiers(names: list[str], kind: str) -> list[str]:
    """Make ids of names: lower snake case in ASCII, unique, never a word of the condition grammar."""
    made: list[str] = []
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
        base = words if words[:1].isalpha() and words not in _WORDS_TO_AVOID else f"{kind}_{words}".strip("_")
        number = 1
        while (unique := base if number == 1 else f"{base}_{number}") in made:
            number += 1
        made.append(unique)
    return made


def quoted(text: str) -> str:
    """Write any text as one YAML scalar."""
    if _PLAIN.fullmatch(text) and text.isprintable() and text.lower() not in _WORDS_TO_AVOID:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = 0xFFFD if 0xD800 <= ord(character) <= 0xDFFF else ord(character)
    return f"\\U{code:08x}"
