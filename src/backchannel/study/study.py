"""A study: one crisis, many analyses, one seed. No mathematics of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import backchannel
from backchannel.analyses.contract import Context, HasCrisis, Need, Uncompiled
from backchannel.analyses.registry import entry, load
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.results.provenance import Provenance
from backchannel.results.result import Result
from backchannel.spec.as_of import file_as_of
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import CrisisFile


@dataclass(frozen=True, eq=False)
class Study:
    """One crisis under one variant, seed and number of draws.

    Parameters
    ----------
    file
        The crisis with its variant and dials in force.
    provenance
        Identity of every result.
    report, cancelled
        Whom to tell of progress, and when to stop.
    """

    file: CrisisFile
    provenance: Provenance
    report: Callable[[int, int], None] = field(default=lambda done, total: None)
    cancelled: Callable[[], bool] = field(default=lambda: False)

    @classmethod
    def open(
        cls,
        reference: str,
        *,
        variant: str = "",
        dials: tuple[tuple[str, float | None], ...] = (),
        seed: int = 0,
        draws: int = 0,
        as_of: dt.date | None = None,
        report: Callable[[int, int], None] | None = None,
    ) -> Study:
        """Open a crisis by path or by the name of a bundled case.

        With ``as_of`` the crisis is taken as it stood on that day (see :mod:`backchannel.spec.as_of`).

        Raises
        ------
        CrisisFileError, UnreadableFileError
            If it cannot be used.
        """
        return cls.of(
            open_crisis(reference), variant=variant, dials=dials, seed=seed, draws=draws, as_of=as_of, report=report
        )

    @classmethod
    def of(
        cls,
        file: CrisisFile,
        *,
        variant: str = "",
        dials: tuple[tuple[str, float | None], ...] = (),
        seed: int = 0,
        draws: int = 0,
        as_of: dt.date | None = None,
        report: Callable[[int, int], None] | None = None,
    ) -> Study:
        """Set up a study of a crisis already read."""
        sha256 = file.sha256
        if variant:
            file = file.variant(variant)
        turned = []
        for name, position in dials:
            about = file.crisis.dials.get(name)
            file = file.dialled(name, position)
            centre = about.at.centre if about is not None and about.at is not None else 0.0
            turned.append((name, centre if position is None else position))
        if as_of is not None:
            file = file_as_of(file, as_of)
        crisis = file.crisis
        identity = Provenance(
            crisis=file.name,
            title=crisis.title,
            sha256=sha256,
            version=backchannel.__version__,
            seed=seed,
            draws=draws,
            variant=variant,
            dials=tuple(turned),
            as_of="" if crisis.as_of is None else crisis.as_of.isoformat(),
        )
        return cls(file, identity) if report is None else cls(file, identity, report)

    @cached_property
    def model(self) -> Model:
        """The compiled model, built once."""
        return compile_model(self.file.crisis)

    def needs(self, name: str) -> tuple[Need, ...]:
        """Return what the file lacks for an analysis."""
        analysis: Any = load(name)
        needs: tuple[Need, ...] = analysis.requires(self._read_by(name))
        return needs

    def run(self, name: str, **params: Any) -> Result:
        """Run an analysis by its registry name, once for each choice of parameters."""
        key = (name, tuple(sorted(params.items())))
        if key not in self._results:
            analysis: Any = load(name)
            context = Context(self.provenance, self.report, self.cancelled)
            self._results[key] = analysis.run(self._read_by(name), context, analysis.Params(**params))
        return self._results[key]

    def _read_by(self, name: str) -> HasCrisis:
        """Return the model, or only the crisis for an analysis that does without: nothing is compiled for it."""
        return self.model if entry(name).reads == "model" else Uncompiled(self.file.crisis)

    @cached_property
    def _results(self) -> dict[tuple[str, tuple[tuple[str, Any], ...]], Result]:
        return {}
