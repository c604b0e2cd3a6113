"""Which fields may stand at a place of the file, read off the typed models."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from backchannel.spec.crisis import Crisis
from backchannel.spec.nodes import Path


def fields_at(path: Path) -> dict[str, FieldInfo]:
    """Return the fields that may stand in the mapping at a path, by the name the file uses; none if free."""
    kinds: list[Any] = [Crisis]
    for step in path:
        kinds = [below for kind in kinds for below in _below(kind, step)]
    return {
        info.alias or name: info
        for kind in kinds
        for model in _models(kind)
        for name, info in model.model_fields.items()
    }


def _alternatives(annotation: Any) -> Iterator[Any]:
    """Yield the plain types behind Annotated and unions."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _alternatives(part)
    else:
        yield annotation


def _models(annotation: Any) -> list[type[BaseModel]]:
    return [kind for kind in _alternatives(annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]


def _below(annotation: Any, step: int | str) -> Iterator[Any]:
    for kind in _alternatives(annotation):
        origin = get_origin(kind)
        if origin in (dict, Mapping):
            yield get_args(kind)[1]
        elif origin in (tuple, list) and isinstance(step, int):
            yield get_args(kind)[0]
    for model in _models(annotation):
        for name, info in model.model_fields.items():
            if step == (info.alias or name):
                yield info.annotation
