"""Large crises whose Nash equilibria are known by construction, or hard ones without a known answer, as file data."""

from __future__ import annotations

import random
from typing import Any

WHY = "made for a test"
Data = dict[str, Any]

GAMES: dict[str, tuple[dict[str, int], int]] = {
    "stag_hunt": ({"me": -1, "both": 3}, 2),
    "chicken": ({"me": -1, "other": 2, "both": -3, "none": -4}, 2),
    "prisoners_dilemma": ({"me": -1, "other": 3}, 1),
}
"""Per game: what each of the two gets (me: own option taken, both, none), and its number of pure equilibria."""


def crisis(options: dict[str, str], preferences: dict[str, list[Data]], **more: Any) -> Data:
    """Data of a crisis with yes/no options given as option to owner."""
    actors = dict.fromkeys(options.values())
    return {
        "crisis": 1,
        "title": "Linked local games",
        "actors": {actor: {} for actor in actors},
        "options": {option: {"by": owner} for option, owner in options.items()},
        "preferences": {actor: preferences.get(actor, []) for actor in actors},
        **more,
    }


def term(when: str, worth: float) -> Data:
    return {"when": when, "worth": worth, "why": WHY}


def local_games(games: dict[str, int], actors: int = 6, padding: int = 0) -> tuple[Data, int]:
    """Independent games between neighbours, so many of each kind, and the number of equilibria of the whole.

    ``padding`` more options are a plain cost to their owner, so that nobody takes them.
    """
    names = [f"actor{k}" for k in range(actors)]
    options: dict[str, str] = {}
    preferences: dict[str, list[Data]] = {name: [] for name in names}
    known = 1
    played = [kind for kind, number in games.items() for _ in range(number)]
    for place, kind in enumerate(played):
        worths, equilibria = GAMES[kind]
        known *= equilibria
        pair = [f"{kind}{place}_{side}" for side in "ab"]
        for side in (0, 1):
            me, other = pair[side], pair[1 - side]
            owner = names[(place + side) % actors]
            options[me] = owner
            said = {
                "me": me,
                "other": other,
                "both": f"{me} and {other}",
                "none": f"not {me} and not {other}",
            }
            preferences[owner] += [term(said[part], worth) for part, worth in worths.items()]
    for place in range(padding):
        options[f"cost{place}"] = names[place % actors]
        preferences[names[place % actors]].append(term(f"cost{place}", -1))
    return crisis(options, preferences), known


def chain(blocks: int, actors: int = 6) -> tuple[Data, set[frozenset[str]]]:
    """Stag hunts in a row, each worth its while only if the one before is held: the equilibria are its beginnings."""
    names = [f"actor{k}" for k in range(actors)]
    options: dict[str, str] = {}
    preferences: dict[str, list[Data]] = {name: [] for name in names}
    for block in range(blocks):
        before = f" and a{block - 1} and b{block - 1}" if block else ""
        for side, shift in (("a", 0), ("b", 1 + block % (actors - 1))):
            owner = names[(block + shift) % actors]
            options[f"{side}{block}"] = owner
            preferences[owner] += [
                term(f"{side}{block}", -1),
                term(f"a{block} and b{block}{before}", 3),
            ]
    held = [frozenset(f"{side}{k}" for k in range(n) for side in "ab") for n in range(blocks + 1)]
    return crisis(options, preferences), set(held)


def tangled(options: int, actors: int, terms: int, seed: int, *, order: bool = False) -> Data:
    """Terms over two or three options of anybody, impossible pairs, an option in five final: no answer known."""
    rng = random.Random(f"{options}:{actors}:{terms}:{seed}:{order}")
    names = [f"option{k}" for k in range(options)]
    owner = {name: f"actor{k % actors}" for k, name in enumerate(names)}

    def leaf(among: list[str]) -> str:
        return ("not " if rng.random() < 0.3 else "") + rng.choice(among)

    preferences: dict[str, Any] = {}
    for actor in dict.fromkeys(owner.values()):
        own = [name for name in names if owner[name] == actor]
        said = []
        for _ in range(terms):
            parts = [leaf(names if place else own) for place in range(rng.choice((1, 2, 2, 3)))]
            said.append(rng.choice((" and ", " and ", " or ")).join(parts))
        worths = [rng.choice((-1, 1)) * rng.randint(1, 30) for _ in said]
        listed = [term(when, worth) for when, worth in zip(said, worths, strict=True)]
        preferences[actor] = {"order": said, "why": WHY} if order else listed
    pairs = [rng.sample(names, 2) for _ in range(6)]
    data = crisis(owner, preferences, impossible=[f"{one} and {other}" for one, other in pairs])
    for name in rng.sample(names, options // 5):
        data["options"][name]["final"] = rng.choice(names)
    return data


def network(options: int, actors: int, degree: int, seed: int) -> Data:
    """Every option pays or costs by which of ``degree`` others are taken: hard, no answer known."""
    rng = random.Random(f"{options}:{degree}:{seed}")
    names = [f"option{k}" for k in range(options)]
    owner = {name: f"actor{k % actors}" for k, name in enumerate(names)}
    preferences: dict[str, list[Data]] = {actor: [] for actor in dict.fromkeys(owner.values())}
    for name in names:
        worths = {
            other: rng.choice((-7, -5, -3, -2, 2, 3, 4, 5, 6, 8))
            for other in rng.sample([each for each in names if each != name], degree)
        }
        listed = [term(f"{name} and {other}", worth) for other, worth in worths.items()]
        alone = term(name, -round(sum(worths.values()) / 2) + rng.randint(-3, 3))
        preferences[owner[name]] += [*listed, alone]
    return crisis(owner, preferences)
