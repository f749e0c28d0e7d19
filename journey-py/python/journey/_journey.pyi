from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, Unpack, final

from ._types import (
    BottleneckOptions,
    Bottlenecks,
    CsvOptions,
    DiscoverOptions,
    EmotionCurve,
    EmotionDips,
    EmotionOptions,
    ExplainFunnelsOptions,
    Funnel,
    FunnelDifferences,
    FunnelOptions,
    FunnelStep,
    MapData,
    PathCoverage,
    PathCoverageOptions,
    SelectOptions,
    Summary,
    SummaryOptions,
    Transitions,
    TransitionsOptions,
    Variants,
    VariantsOptions,
)

__all__ = [
    "EventLog",
    "JourneyMap",
    "bottlenecks",
    "discover",
    "emotion_curve",
    "emotion_dips",
    "explain_funnels",
    "funnel",
    "path_coverage",
    "summary",
    "transitions",
    "variants",
]

@final
class EventLog:
    """Events of customers, grouped into journeys, in the order of time."""

    @classmethod
    def from_csv(cls, source: str | PathLike[str] | bytes | bytearray, **options: Unpack[CsvOptions]) -> EventLog:
        """Reads a log from CSV, plain or gzip: a path, or the bytes of the file. Keywords are those of `CsvOptions`."""

    def select(self, **options: Unpack[SelectOptions]) -> EventLog:
        """The events that meet every condition, as a log of its own. Keywords are those of `SelectOptions`."""

    @property
    def journey_count(self) -> int:
        """How many journeys there are."""

    @property
    def touchpoints(self) -> list[str]:
        """Names of the touchpoints, in byte order; after `select` some may have no event."""

    @property
    def channels(self) -> list[str]:
        """Names of the channels, in byte order; after `select` some may have no event."""

    @property
    def attributes(self) -> list[str]:
        """Names of the attributes that events carry."""

    def __len__(self) -> int: ...
    def __copy__(self) -> EventLog: ...
    def __deepcopy__(self, _memo: Any) -> EventLog: ...

@final
class JourneyMap:
    """A customer journey map: a graph of touchpoints and the transitions between them, in stages."""

    @classmethod
    def from_json(cls, text: str) -> JourneyMap:
        """Reads a map from JSON text."""

    @classmethod
    def from_data(cls, data: MapData) -> JourneyMap:
        """Makes a map from its data."""

    def to_json(self) -> str:
        """The map as JSON text, indented; the same map gives the same text."""

    def to_data(self) -> MapData:
        """The data of the map, as dicts and lists."""

    @property
    def name(self) -> str:
        """What the map is called."""

    def __reduce__(self) -> tuple[Callable[[str], JourneyMap], tuple[str]]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

def discover(log: EventLog, **options: Unpack[DiscoverOptions]) -> JourneyMap:
    """Draw the map of what customers did: their touchpoints and transitions, with counts and times.

    Keywords are those of `DiscoverOptions`; the result is a map.
    """

def summary(log: EventLog, **options: Unpack[SummaryOptions]) -> Summary:
    """Say what a log holds: how much, of what, from when to when, how long journeys take.

    Keywords are those of `SummaryOptions`; the result is `Summary`.
    """

def transitions(log: EventLog, **options: Unpack[TransitionsOptions]) -> Transitions:
    """Count which touchpoint follows which in the journeys of a log, and how long that takes.

    Keywords are those of `TransitionsOptions`; the result is `Transitions`.
    """

def variants(log: EventLog, **options: Unpack[VariantsOptions]) -> Variants:
    """Count the distinct paths of the journeys in a log.

    Keywords are those of `VariantsOptions`; the result is `Variants`.
    """

def bottlenecks(log: EventLog, **options: Unpack[BottleneckOptions]) -> Bottlenecks:
    """Find where customers lose time and where they are lost.

    Keywords are those of `BottleneckOptions`; the result is `Bottlenecks`.
    """

def funnel(log: EventLog, steps: Sequence[str | FunnelStep], **options: Unpack[FunnelOptions]) -> Funnel:
    """Count how far customers get through the steps that lead to a goal.

    A step is a touchpoint or a `FunnelStep`. Keywords are those of `FunnelOptions`; the result is `Funnel`.
    """

def explain_funnels(
    log: EventLog,
    steps: Sequence[str | FunnelStep],
    a: FunnelOptions,
    b: FunnelOptions,
    **options: Unpack[ExplainFunnelsOptions],
) -> FunnelDifferences:
    """Say how many customers two definitions of a funnel count differently, and why, with examples.

    The definitions are `FunnelOptions`. Keywords are those of `ExplainFunnelsOptions`; the result is `FunnelDifferences`.
    """

def emotion_curve(map: JourneyMap, log: EventLog | None = None, **options: Unpack[EmotionOptions]) -> EmotionCurve:
    """Draw the emotion curve of a map: expected scores from the map, measured ones from a log.

    Keywords are those of `EmotionOptions`; the result is `EmotionCurve`.
    """

def emotion_dips(map: JourneyMap, log: EventLog | None = None, **options: Unpack[EmotionOptions]) -> EmotionDips:
    """Find where the emotion curve of a map dips.

    Keywords are those of `EmotionOptions`; the result is `EmotionDips`.
    """

def path_coverage(map: JourneyMap, log: EventLog, **options: Unpack[PathCoverageOptions]) -> PathCoverage:
    """Compare a map with what customers did: what of the map is used, what of the data is on the map.

    Keywords are those of `PathCoverageOptions`; the result is `PathCoverage`.
    """
