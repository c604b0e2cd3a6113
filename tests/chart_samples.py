"""One chart of every kind, for the tests of charts; numbers are made up."""

from __future__ import annotations

import numpy as np

from backchannel.results.chart import (
    Axis,
    Chart,
    Curve,
    Delivery,
    Event,
    Level,
    Range,
    lines,
    matrix,
    parallel_coordinates,
    ranges,
    schedule,
    steps,
    tornado,
    utility_plane,
)

ACTORS = ("United States", "Russia", "Maduro government", "Opposition")


def gains(packages: int, parties: int) -> np.ndarray:
    return np.random.default_rng(7).normal(12, 18, (packages, parties)).round(1)


def undominated(values: np.ndarray) -> np.ndarray:
    at_least = (values[:, None] >= values[None]).all(axis=2) & (values[:, None] > values[None]).any(axis=2)
    return ~at_least.any(axis=0)


def plane(packages: int = 80) -> Chart:
    values = gains(packages, 2)
    best = int(np.argmax(np.where((values > 0).all(axis=1), values.prod(axis=1), -1)))
    equal = int(np.argmax(values.min(axis=1)))
    most = int(np.argmax(values.sum(axis=1)))
    return utility_plane(
        "plane",
        "Packages by what the two principals gain over no deal",
        "Of 80 packages, a few lie on the Pareto front; Nash and equal gains pick the same one.",
        parties=(ACTORS[0], ACTORS[1]),
        gains=values,
        names=[f"package {k}" for k in range(packages)],
        front=undominated(values),
        marked={"Nash": (best,), "Kalai-Smorodinsky": (best,), "Equal gains": (equal,), "Utilitarian": (most,)},
    )


def parallel(packages: int = 24) -> Chart:
    values = gains(packages, 4)
    return parallel_coordinates(
        "parallel",
        "Packages by what each party gains over no deal",
        "The Nash package leaves every party better off.",
        parties=ACTORS,
        gains=values,
        names=[f"package {k}" for k in range(packages)],
        front=undominated(values),
        marked={"Nash": (int(np.argmax(values.min(axis=1))),), "Utilitarian": (int(np.argmax(values.sum(axis=1))),)},
    )


def linkage() -> Chart:
    return matrix(
        "linkage",
        "Where a zone of agreement opens, by issues tied together",
        "Only Venezuela with Ukraine opens a zone for both principals.",
        rows=("Venezuela alone", "Ukraine alone", "Venezuela and Ukraine", "Venezuela, Ukraine and sanctions relief"),
        columns=("US and Russia", "US and Maduro", "All three"),
        cells=(("none", "none", "none"), ("none", "", "none"), ("zone", "none", "none"), ("zone", "zone", "zone")),
        row_title="Issues on the table",
        column_title="Parties",
        strong=("zone",),
    )


def prices() -> Chart:
    hazard = tuple(k / 20 for k in range(11))
    falling = tuple(40 - 60 * h for h in hazard)
    return lines(
        "price",
        "Lowest price at which Russia lets go, by hazard of a fall",
        "The price falls from 40 to 10 as the hazard rises from 0 to 50 %.",
        x=Axis("Hazard of a fall within a year", scale="share"),
        y=Axis("Price", "points"),
        curves=(
            Curve(ACTORS[1], hazard, falling, tuple(v - 6 for v in falling), tuple(v + 8 for v in falling)),
            Curve("Cuba", hazard, tuple(25 - 20 * h for h in hazard)),
            Curve("China", hazard, tuple(24 - 18 * h for h in hazard)),
        ),
        levels=(Level(20, "What the United States would pay"),),
    )


def beliefs() -> Chart:
    second = (0.5, 0.5, 0.4, 0.38, 0.3, 0.28)
    days = ("2019-01-23", "2019-03-27", "2019-04-30", "2019-05-03", "2019-05-14", "2019-06-01")
    return lines(
        "belief",
        "Belief that the United States would use force, by date",
        "Russia's belief falls from 40 % in January to 12 % in June.",
        x=Axis("Date", scale="date"),
        y=Axis("Belief", scale="share", least=0),
        curves=(
            Curve(ACTORS[1], days, (0.4, 0.45, 0.35, 0.2, 0.15, 0.12), step=True),
            Curve(ACTORS[2], days, second, tuple(v - 0.08 for v in second), tuple(v + 0.06 for v in second), step=True),
        ),
        events=(
            Event("2019-03-27", "The president says Russia has to get out"),
            Event("2019-04-30", "The uprising of 30 April fails"),
            Event("2019-05-03", "The two presidents talk for over an hour and the president says nothing of force"),
        ),
    )


def formats() -> Chart:
    return ranges(
        "format",
        "Probability that a deal holds, by format and by attribute taken away",
        "The back channel does best; without deniability it falls behind the summit.",
        value=Axis("Probability that a deal holds", scale="share", least=0, most=1),
        rows=(
            Range("Back channel", 0.42, 0.3, 0.55, "As given"),
            Range("Back channel", 0.22, 0.1, 0.35, "Without deniability"),
            Range("Public summit", 0.25, 0.15, 0.4, "As given"),
            Range("Public summit", 0.24, 0.12, 0.4, "Without deniability"),
            Range("Talks under a guarantor", 0.35, 0.2, 0.5, "As given"),
            Range("Talks under a guarantor", 0.31, 0.2, 0.45, "Without deniability"),
        ),
        row_title="Format",
    )


def thresholds() -> Chart:
    return ranges(
        "thresholds",
        "Belief of each side against the trust it would need",
        "Neither side believes the other as much as the deal needs.",
        value=Axis("Belief that the other delivers", scale="share", least=0, most=1),
        rows=(
            Range(ACTORS[0], 0.2, 0.1, 0.3, threshold=0.55),
            Range(ACTORS[1], 0.15, 0.05, 0.25, threshold=0.4),
        ),
        row_title="Who has to trust",
        levels=(Level(0.5, "Even odds"),),
    )


def sensitivity() -> Chart:
    return tornado(
        "tornado",
        "Gain of Russia from the deal as each input goes through its range",
        "The worth of the stake moves the gain most.",
        value=Axis("Gain of Russia", "points"),
        rows=(
            Range("Worth of the stake in Caracas", 12, -4, 30, low_label="20", high_label="60"),
            Range("Trust in the other side's delivery", 12, 2, 18, low_label="5 %", high_label="40 %"),
            Range("Cost of leaving", 12, 15, 8, low_label="1", high_label="9"),
        ),
        row_title="Input",
    )


def delivery() -> Chart:
    return schedule(
        "schedule",
        "Who delivers what, and what each has to lose at each step",
        "Russia is most exposed after step 2, the United States after step 3.",
        deliveries=(
            Delivery(ACTORS[1], "Withdraw advisers", 1),
            Delivery(ACTORS[0], "Lift sanctions on the bank", 2),
            Delivery(ACTORS[1], "Stop the oil swaps", 2, 3),
            Delivery(ACTORS[0], "Announce the new line on Ukraine", 4),
        ),
        exposure=(
            Curve(ACTORS[0], (0, 1, 2, 3, 4), (0, 0, 6, 9, 0), step=True),
            Curve(ACTORS[1], (0, 1, 2, 3, 4), (0, 4, 12, 5, 0), step=True),
        ),
        series=ACTORS,
    )


def cascade() -> Chart:
    return steps(
        "cascade",
        "Weight of the pillars gone, in the order in which they leave",
        "After the intelligence service and the guard, the tipping point is passed.",
        value=Axis("Weight gone", scale="share", least=0, most=1),
        names=("Intelligence service", "National guard", "Army command", "Supreme court"),
        gains=(0.15, 0.25, 0.35, 0.1),
        row_title="Group",
        levels=(Level(0.38, "Tipping point"),),
    )


def all_charts() -> tuple[Chart, ...]:
    return (
        plane(),
        parallel(),
        linkage(),
        prices(),
        beliefs(),
        formats(),
        thresholds(),
        sensitivity(),
        delivery(),
        cascade(),
    )
