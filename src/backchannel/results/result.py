"""What every analysis hands back."""

from __future__ import annotations

from dataclasses import dataclass, field

from backchannel.results.chart import Chart
from backchannel.results.finding import Finding
from backchannel.results.provenance import Provenance
from backchannel.results.table import Table


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """Base of all results: frozen, with findings, tables, charts and provenance beside its own named arrays.

    A result is compared by its bytes (see :mod:`backchannel.results.codec`), not with ``==``.
    """

    provenance: Provenance
    findings: tuple[Finding, ...] = field(default=())
    tables: tuple[Table, ...] = field(default=())
    charts: tuple[Chart, ...] = field(default=())
