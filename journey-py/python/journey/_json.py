"""How options and the data of maps are written as JSON, on their way to the core."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ._errors import make
from ._record import Record

__all__ = ["dumps"]


def dumps(value: Any, code: str) -> str:
    """The value as JSON; what cannot be is an error that names the field."""
    if not isinstance(value, Mapping):
        return _dumps(value, code, None)
    fields = (f"{json.dumps(str(name))}: {_dumps(item, code, str(name))}" for name, item in value.items())
    return "{" + ", ".join(fields) + "}"


def _dumps(value: Any, code: str, field: str | None) -> str:
    try:
        return json.dumps(value, allow_nan=False, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        message = f"`{field}`: {error}" if field else str(error)
        raise make(code, message, field=field) from None


def _plain(value: Any) -> Any:
    """What numpy, pandas and datetime values are in JSON; lengths of time are seconds."""
    if isinstance(value, (Mapping, Record)):
        return dict(value.items())
    for convert in ("tolist", "total_seconds", "isoformat", "__index__"):
        if hasattr(value, convert):
            return getattr(value, convert)()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"a value of type {type(value).__name__} cannot be given")
