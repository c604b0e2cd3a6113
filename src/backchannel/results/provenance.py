"""Where a result comes from: enough to get the same bytes again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Provenance:
    """Identity of a run.

    Parameters
    ----------
    crisis
        File or case name as given.
    title
        The crisis's title.
    sha256
        Fingerprint of the file's text.
    version
        Version of the program.
    seed, draws
        Seed of every random stream, and number of draws (0 where only centres were used).
    variant
        Variant in force, empty for the file as it stands.
    dials
        Dials turned, as (name, position).
    as_of
        What was knowable when, as in the file; empty if not stated.
    """

    crisis: str
    title: str
    sha256: str
    version: str
    seed: int = 0
    draws: int = 0
    variant: str = ""
    dials: tuple[tuple[str, float], ...] = ()
    as_of: str = ""

    def to_json(self) -> dict[str, object]:
        """Return what every ``--json`` document carries."""
        return {
            "version": self.version,
            "sha256": self.sha256,
            "seed": self.seed,
            "draws": self.draws,
            "variant": self.variant,
            "dials": dict(self.dials),
            "as_of": self.as_of,
        }
