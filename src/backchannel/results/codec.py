"""Results to JSON and back, without loss and byte for byte the same for the same result."""

from __future__ import annotations

import dataclasses
import json
from importlib import import_module
from typing import Any

import numpy as np

CODEC_FORMAT = 1
_ROOT = "backchannel."


def dumps(result: object) -> str:
    """Write a result (any frozen dataclass of this package) as JSON text with a format version."""
    return json.dumps({"codec": CODEC_FORMAT, "result": _encode(result)}, sort_keys=True, separators=(",", ":"))


def loads(text: str) -> Any:
    """Read a result back.

    Raises
    ------
    ValueError
        If the text is of another format version or names a class outside this package.
    """
    document = json.loads(text)
    if not isinstance(document, dict) or document.get("codec") != CODEC_FORMAT:
        raise ValueError(f"not a saved result of format {CODEC_FORMAT}; save it again with this version")
    return _decode(document["result"])


def _encode(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {item.name: _encode(getattr(value, item.name)) for item in dataclasses.fields(value)}
        kind = type(value)
        return {"class": f"{kind.__module__}:{kind.__qualname__}", "fields": fields}
    if isinstance(value, np.ndarray):
        return {"array": value.dtype.str, "shape": list(value.shape), "values": value.reshape(-1).tolist()}
    if isinstance(value, (tuple, list)):
        return {"tuple": [_encode(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[_encode(key), _encode(item)] for key, item in value.items()]}
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"a result cannot hold {type(value).__name__}")


def _decode(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "class" in value:
        module, name = value["class"].split(":")
        if not module.startswith(_ROOT):
            raise ValueError(f"a saved result may not name {module}")
        return getattr(import_module(module), name)(**{key: _decode(item) for key, item in value["fields"].items()})
    if "array" in value:
        return np.array(value["values"], dtype=np.dtype(value["array"])).reshape(value["shape"])
    if "tuple" in value:
        return tuple(_decode(item) for item in value["tuple"])
    return {_decode(key): _decode(item) for key, item in value["dict"]}
