"""The open engine for customer journeys: the map a team draws and the events customers leave, in one model."""

from . import _errors, _types
from ._errors import *  # noqa: F403
from ._journey import (
    EventLog,
    JourneyMap,
    bottlenecks,
    discover,
    emotion_curve,
    emotion_dips,
    path_coverage,
    summary,
    transitions,
    variants,
)
from ._record import Record
from ._types import *  # noqa: F403

__all__ = [
    "EventLog",
    "JourneyMap",
    "Record",
    "bottlenecks",
    "discover",
    "emotion_curve",
    "emotion_dips",
    "path_coverage",
    "summary",
    "transitions",
    "variants",
]
__all__ += _errors.__all__
__all__ += _types.__all__
