"""Small games of crisis bargaining, built with the finite-game builder from their definitions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from backchannel.numerics.extensive_form import (
    Game,
    Node,
    Number,
    chance,
    compile_game,
    decide,
    end,
    exact,
    simultaneous,
)

HALF = Fraction(1, 2)


def kydd_trust(prior: Number) -> Game:
    """One-shot trust: R = 1, P = 0, S = -1; temptation 1/2 for the trustworthy, 3/2 for the untrustworthy."""
    p = exact(prior)
    return compile_game(f"Trust game, prior trustworthy = {p}", ("P1", "P2"), _by_types(p, _one_round))


def _by_types(p: Fraction, then: Callable[[str, str], Node]) -> Node:
    weight = {"t": p, "u": 1 - p}
    pairs = [(first, second) for first in "tu" for second in "tu"]
    return chance({a + b: (weight[a] * weight[b], then(a, b)) for a, b in pairs})


def stage(kind: str, own: str, other: str) -> Fraction:
    """Prisoner's dilemma or stag hunt of one player by its type."""
    temptation = {"t": HALF, "u": Fraction(3, 2)}[kind]
    return {"CC": Fraction(1), "CD": Fraction(-1), "DC": temptation, "DD": Fraction(0)}[own + other]


def _one_round(a: str, b: str) -> Node:
    moves = [("P1", f"1{a}", "CD"), ("P2", f"2{b}", "CD")]
    return simultaneous(moves, lambda taken: end(stage(a, *taken), stage(b, *reversed(taken))))


def kydd_reassurance(prior: Number, weight: Number) -> Game:
    """Two rounds of the trust game; the first carries ``weight`` of the stake, and all see what was done in it."""
    share = exact(weight)

    def play(a: str, b: str) -> Node:
        def second(first: tuple[str, ...]) -> Node:
            x, y = first
            moves = [("P1", f"1{a}|{x}{y}", "CD"), ("P2", f"2{b}|{x}{y}", "CD")]
            return simultaneous(
                moves,
                lambda last: end(
                    share * stage(a, x, y) + (1 - share) * stage(a, *last),
                    share * stage(b, y, x) + (1 - share) * stage(b, *reversed(last)),
                ),
            )

        return simultaneous([("P1", f"1{a}", "CD"), ("P2", f"2{b}", "CD")], second)

    return compile_game(
        f"Two-round reassurance, first-round weight {share}", ("P1", "P2"), _by_types(exact(prior), play)
    )


def tranche_swap(tranches: tuple[Number, ...], bond: Number = "0.06", discount: Number = "0.9") -> Game:
    """Simultaneous tranches, worth 1 and costing 0.6 a unit; whoever breaks off forfeits the bond, and it ends."""
    sizes = [exact(size) for size in tranches]
    cost, kept, delta = Fraction(3, 5), exact(bond), exact(discount)

    def step(k: int, r: Fraction, u: Fraction) -> Node:
        if k == len(sizes):
            return end(r, u)
        factor, size = delta**k, sizes[k]

        def then(taken: tuple[str, ...]) -> Node:
            does_r, does_u = (action == "implement" for action in taken)
            gain_r = factor * (size * does_u - cost * size * does_r - kept * (not does_r))
            gain_u = factor * (size * does_r - cost * size * does_u - kept * (not does_u))
            if does_r and does_u:
                return step(k + 1, r + gain_r, u + gain_u)
            return end(r + gain_r, u + gain_u)

        actions = ("implement", "cheat")
        return simultaneous([("R", f"R{k}", actions), ("US", f"U{k}", actions)], then)

    return compile_game("Tranche swap", ("R", "US"), step(0, Fraction(0), Fraction(0)))


def powell_two_type(high_cost: Number, nudge: Number = "0.000001") -> Game:
    """Take it or leave it to a responder of low or high war cost: p = 1/2, costs 0.05 or 0.45, offerer's 0.1."""
    q, extra = exact(high_cost), exact(nudge)
    cost, offers = {"L": Fraction(1, 20), "H": Fraction(9, 20)}, {"safe": "L", "risky": "H"}

    def responder(kind: str) -> Node:
        def answer(offer: str) -> Node:
            share = HALF - cost[offers[offer]] + extra
            accepted = end(1 - (HALF - cost[offers[offer]]), share)
            fought = end(1 - HALF - Fraction(1, 10), HALF - cost[kind])
            return decide("Responder", f"resp_{kind}_{offer}", {"accept": accepted, "reject": fought})

        return decide("Offerer", "offer", {offer: answer(offer) for offer in offers})

    root = chance({"cost_low": (1 - q, responder("L")), "cost_high": (q, responder("H"))})
    return compile_game(f"Two-type ultimatum q={q}", ("Offerer", "Responder"), root)


def crisis_bluff(
    resolved: Number = "0.3", weak_war: Number = -1, cost: Number = "0.5", tough: Number = 0, prize: Number = 1
) -> Game:
    """A resolved or bluffing challenger, a weak (or tough) target; war is worth 0.2 to the resolved, -cost-0.4 else."""
    h, g, a = exact(resolved), exact(tough), exact(cost)
    fights = {"res": Fraction(1, 5), "blf": -a - Fraction(2, 5)}
    target = {"tough": Fraction(1, 10), "weak": exact(weak_war)}

    def play(kind: str, other: str, target_set: str) -> Node:
        last = decide("A", f"A2_{kind}", {"back_down": end(-a, 1), "fight": end(fights[kind], target[other])})
        answer = decide("B", target_set, {"concede": end(prize, 0), "resist": last})
        return decide("A", f"A_{kind}", {"SQ": end(0, 1), "challenge": answer})

    share = {"res": h, "blf": 1 - h}
    if g:
        other = {"tough": g, "weak": 1 - g}
        root = chance({f"{x},{y}": (share[x] * other[y], play(x, y, f"B_{y}")) for x, y in product(share, other)})
    else:
        root = chance({kind: (share[kind], play(kind, "weak", "B")) for kind in share})
    return compile_game("Crisis bluff with audience cost", ("A", "B"), root)


def fearon_signal(kind: str, size: Number) -> Game:
    """Tie or sink ``size``: stake 2 or 1/2 (high 0.3), war won at 1/2 for 0.6; challenger tough 0.2."""
    m = exact(size)
    value = {"H": Fraction(2), "L": HALF}
    challenger = {"tough": Fraction(1, 10), "soft": -HALF}
    weight = {"H": Fraction(3, 10), "L": Fraction(7, 10), "tough": Fraction(1, 5), "soft": Fraction(4, 5)}

    def play(defender: str, other: str) -> Node:
        def after(signal: str) -> Node:
            sent = signal == "signal"
            sunk = m if sent and kind == "sink" else Fraction(0)
            tied = m if sent and kind == "tie" else Fraction(0)
            war = value[defender] / 2 - Fraction(3, 5) - sunk
            last = decide(
                "D",
                f"D2_{defender}_{signal}",
                {"yield": end(-sunk - tied, 1), "fight": end(war, challenger[other])},
            )
            kept = end(value[defender] - sunk, 0)
            return decide("C", f"C_{other}_{signal}", {"accept": kept, "challenge": last})

        return decide("D", f"sig_{defender}", {signal: after(signal) for signal in ("none", "signal")})

    root = chance({f"{d},{c}": (weight[d] * weight[c], play(d, c)) for d, c in product(value, challenger)})
    return compile_game(f"Signal: {kind} m={m}", ("D", "C"), root)


def crisis_qre() -> Game:
    """The crisis game without private terms: war -0.2 and -0.6, backing down -0.5, prize 1."""
    last = decide("A", "A2", {"back_down": end("-0.5", 1), "fight": end("-0.2", "-0.6")})
    answer = decide("B", "B", {"concede": end(1, 0), "resist": last})
    return compile_game("Crisis game", ("A", "B"), decide("A", "A1", {"SQ": end(0, 1), "challenge": answer}))


def kurizaki() -> Game:
    """Private or public threat: resolve 0.6, defender tough 0.5; audience costs 1 and 1."""
    weight = {"R": Fraction(3, 5), "I": Fraction(2, 5), "tough": HALF, "weak": HALF}
    war_c = {"R": Fraction(1, 5), "I": Fraction(-3, 5)}
    war_d = {"tough": Fraction(1, 10), "weak": Fraction(-7, 10)}

    def play(c: str, d: str) -> Node:
        def threat(room: str) -> Node:
            cost = int(room == "public")
            last = decide("C", f"C2_{c}_{room}", {"back_down": end(-cost, 1), "fight": end(war_c[c], war_d[d])})
            return decide("D", f"D_{d}_{room}", {"concede": end(1, -cost), "resist": last})

        rooms = {room: threat(room) for room in ("private", "public")}
        return decide("C", f"C_{c}", {"SQ": end(0, 1), **rooms})

    root = chance({f"{c},{d}": (weight[c] * weight[d], play(c, d)) for c, d in product(war_c, war_d)})
    return compile_game("Channel choice", ("C", "D"), root)


ELITES = {
    "A": (0.40, "1", "1", "0.6", "1"),
    "B": (0.35, "0.4", "0.8", "0.8", "0.4"),
    "C": (0.25, "0.6", "1.2", "0.1", "0.5"),
}
"""Weight; worth of staying with a regime that survives and loss of defecting then; worth of defecting when it falls and
loss of staying then."""


def elite_coup() -> Game:
    """Three elites defect or stay at once; the regime falls if more than half the weight defects."""

    def then(taken: tuple[str, ...]) -> Node:
        who = dict(zip(ELITES, taken, strict=True))
        falls = sum(ELITES[name][0] for name in ELITES if who[name] == "defect") > 0.5

        def worth(name: str) -> Fraction:
            _, stays, punished, rewarded, purged = ELITES[name]
            if who[name] == "defect":
                return exact(rewarded) if falls else -exact(punished)
            return -exact(purged) if falls else exact(stays)

        return end(*(worth(name) for name in ELITES))

    moves = [(name, name, ("defect", "stay")) for name in ELITES]
    return compile_game("Three-elite coup", tuple(ELITES), simultaneous(moves, then))


def aborted_flight(price: Number = "0.3") -> Game:
    """A patron assures (at a price) or abstains; the leader flees or stays; the military defects or stays loyal."""
    paid = exact(price)

    def rest(room: str, cost: Fraction, loyal_if_defect: Number) -> Node:
        military = decide(
            "Military",
            f"mil_{room}",
            {"defect": end(-1 - cost, -1, loyal_if_defect), "loyal": end(1 - cost, 1, HALF)},
        )
        fled = end(-1 - cost, "0.3", "0.6")
        return decide("Leader", f"leader_{room}", {"flee": fled, "stay": military})

    root = decide(
        "Patron",
        "patron",
        {"assure": rest("assured", paid, "0.2"), "abstain": rest("alone", Fraction(0), "0.6")},
    )
    return compile_game("Aborted flight", ("Patron", "Leader", "Military"), root)


def games() -> dict[str, Game]:
    """Every game of this module under its file name in ``data/games``."""
    return {
        "aborted_flight": aborted_flight(),
        "crisis_bluff": crisis_bluff(),
        "crisis_bluff_two_sided": crisis_bluff(tough="0.25"),
        "crisis_qre": crisis_qre(),
        "elite_coup_3": elite_coup(),
        "fearon_sinking_costs": fearon_signal("sink", "0.45"),
        "fearon_tying_hands": fearon_signal("tie", "0.5"),
        "kurizaki_channel_choice": kurizaki(),
        "kydd_reassurance_two_round": kydd_reassurance("0.4", "0.45"),
        "kydd_trust_t3_5": kydd_trust("0.6"),
        "kydd_trust_t7_10": kydd_trust("0.7"),
        "powell_two_type_q1_4": powell_two_type("0.25"),
        "powell_two_type_q3_10": powell_two_type("0.3"),
        "tranche_swap_3": tranche_swap(("0.25", "0.16", "0.1")),
    }
