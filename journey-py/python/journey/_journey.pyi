from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from os import PathLike
from typing import Any, TypeAlias, Unpack, final

from ._picture import Page, Picture
from ._tables import ArrowArray, ArrowStream, LazyTable
from ._types import (
    AlignOptions,
    Alignments,
    Attempts,
    AttemptsOptions,
    BottleneckOptions,
    Bottlenecks,
    ChannelSwitching,
    ChannelSwitchingOptions,
    CompareOptions,
    Comparison,
    ReadOptions,
    DeviationOptions,
    Deviations,
    DiscoverOptions,
    DropOffOptions,
    DropOffs,
    EmotionCurve,
    EmotionDips,
    EmotionOptions,
    ExplainFunnelsOptions,
    FeedbackMatches,
    FeedbackOptions,
    Fitness,
    FitnessOptions,
    Funnel,
    FunnelDifferences,
    FunnelOptions,
    FunnelStep,
    JourneyMatch,
    JourneyReport,
    LintOptions,
    LintReport,
    MapData,
    MapDiff,
    MapKind,
    MapReports,
    MarkOptions,
    MatchFeedbackOptions,
    MatchOptions,
    MatchReport,
    MermaidExport,
    MonitorOptions,
    MonitorStatus,
    OutcomeDriverOptions,
    OutcomeDrivers,
    PathCoverage,
    PathCoverageOptions,
    PathsOptions,
    PeakEnd,
    PeakEndOptions,
    Precision,
    PrecisionOptions,
    RemovalEffectOptions,
    RemovalEffects,
    ReportOptions,
    RenderComparisonOptions,
    RenderFlowOptions,
    RenderFunnelOptions,
    RenderMapOptions,
    RenderReportOptions,
    RenderStepFlowOptions,
    RenderStepMatrixOptions,
    RenderTimesOptions,
    Rework,
    ReworkOptions,
    Satisfaction,
    SatisfactionOptions,
    ScoresOptions,
    SegmentOptions,
    Segments,
    SelectOptions,
    SplitSessionsOptions,
    StateOptions,
    StepFlow,
    StepFlowOptions,
    StepMatrix,
    StepMatrixOptions,
    StreamEvent,
    Summary,
    SummaryOptions,
    TemporalProfile,
    TemporalProfileOptions,
    TouchpointScores,
    TransitionMatrix,
    TransitionMatrixOptions,
    Transitions,
    TransitionsOptions,
    Variants,
    VariantsOptions,
    WithFeedbackOptions,
    WithMapOptions,
    WriteOptions,
)

__all__ = [
    "EventLog",
    "Feedback",
    "JourneyMap",
    "Monitor",
    "State",
    "Table",
    "_columns",
    "_command",
    "_records",
    "_wanted",
    "align",
    "attempts",
    "bottlenecks",
    "channel_switching",
    "compare",
    "compare_groups",
    "deviations",
    "diff",
    "discover",
    "drop_offs",
    "emotion_curve",
    "emotion_dips",
    "explain_funnels",
    "fitness",
    "funnel",
    "lint",
    "match_events",
    "match_feedback",
    "merge",
    "outcome_drivers",
    "partial",
    "path_coverage",
    "peak_end_score",
    "precision",
    "removal_effects",
    "render_comparison",
    "render_flow",
    "render_funnel",
    "render_map",
    "render_report",
    "render_step_flow",
    "render_step_matrix",
    "render_times",
    "report",
    "rework",
    "satisfaction",
    "segments",
    "step_flow",
    "step_matrix",
    "summary",
    "temporal_profile",
    "transition_matrix",
    "transitions",
    "variants",
]

# What a question tells its progress to: a function of the steps that are done and of all steps, if they are known, or a bar.
_Progress: TypeAlias = Callable[[int, int | None], object] | bool | None

@final
class EventLog:
    """Events of customers, grouped into journeys, in the order of time.

    It is made of a table: a data frame or anything else that speaks Arrow, a list of dicts, a dict of lists, or a file as
    `read` takes it. Keywords are those of `ReadOptions`. A log never changes: what selects or renames gives another one, and
    several threads may ask questions of it at once. `len(log)` is how many events there are.
    """

    def __new__(
        cls,
        table: ArrowStream
        | ArrowArray
        | LazyTable
        | Mapping[str, Sequence[object]]
        | Sequence[Mapping[str, object]]
        | str
        | PathLike[str]
        | bytes
        | bytearray,
        *,
        progress: Callable[[int, int | None, int], object] | bool | None = None,
        **options: Unpack[ReadOptions],
    ) -> EventLog: ...

    @classmethod
    def read(
        cls,
        source: str | PathLike[str] | bytes | bytearray,
        *,
        progress: Callable[[int, int | None, int], object] | bool | None = None,
        **options: Unpack[ReadOptions],
    ) -> EventLog:
        """Reads a log of any format that is known by its content: a path, or the bytes of the file."""
    @classmethod
    def from_csv(
        cls,
        source: str | PathLike[str] | bytes | bytearray,
        *,
        progress: Callable[[int, int | None, int], object] | bool | None = None,
        **options: Unpack[ReadOptions],
    ) -> EventLog:
        """Reads a log from CSV, plain or compressed: a path, or the bytes of the file. Keywords are those of `ReadOptions`."""
    @classmethod
    def from_ndjson(
        cls,
        source: str | PathLike[str] | bytes | bytearray,
        *,
        progress: Callable[[int, int | None, int], object] | bool | None = None,
        **options: Unpack[ReadOptions],
    ) -> EventLog:
        """Reads a log from NDJSON, one object on each line, plain or compressed: a path, or the bytes of the file."""
    @classmethod
    def from_xes(
        cls,
        source: str | PathLike[str] | bytes | bytearray,
        *,
        progress: Callable[[int, int | None, int], object] | bool | None = None,
        **options: Unpack[ReadOptions],
    ) -> EventLog:
        """Reads a log from XES, plain or compressed: a path, or the bytes of the file."""
    @classmethod
    def from_parquet(
        cls,
        source: str | PathLike[str] | bytes | bytearray,
        *,
        progress: Callable[[int, int | None, int], object] | bool | None = None,
        **options: Unpack[ReadOptions],
    ) -> EventLog:
        """Reads a log from Parquet: a path, or the bytes of the file. Only the columns that are asked for are read."""
    @classmethod
    def from_arrow(
        cls,
        source: str | PathLike[str] | bytes | bytearray,
        *,
        progress: Callable[[int, int | None, int], object] | bool | None = None,
        **options: Unpack[ReadOptions],
    ) -> EventLog:
        """Reads a log from a file or stream of Arrow's own format (IPC, Feather 2): a path, or the bytes of the file."""
    def to_arrow(self) -> Table:
        """The log as a table: a row for each event, with its journey, touchpoint and what else is known of it."""
    def to_parquet(self) -> bytes:
        """The log as a Parquet file."""
    def to_csv(self, **options: Unpack[WriteOptions]) -> bytes:
        """The log as CSV. Keywords are those of `WriteOptions`."""
    def to_ndjson(self, **options: Unpack[WriteOptions]) -> bytes:
        """The log as NDJSON. Keywords are those of `WriteOptions`."""
    def to_xes(self, **options: Unpack[WriteOptions]) -> bytes:
        """The log as XES. Keywords are those of `WriteOptions`."""
    def to_path(self, path: str | PathLike[str], **options: Unpack[WriteOptions]) -> None:
        """Writes the log as a file in the format that the end of its name says, such as `.csv`, `.ndjson.gz` or `.xes`.

        Keywords are those of `WriteOptions`.
        """

    @classmethod
    def from_paths(cls, source: str | PathLike[str] | bytes | bytearray, **options: Unpack[PathsOptions]) -> EventLog:
        """Reads a log from aggregated paths in CSV, plain or gzip: a path of a file, or its bytes.

        Keywords are those of `PathsOptions`.
        """

    def select(self, **options: Unpack[SelectOptions]) -> EventLog:
        """The events that meet every condition, as a log of its own. Keywords are those of `SelectOptions`."""

    def select_journeys(self, **journeys: Unpack[JourneyMatch]) -> EventLog:
        """The journeys that meet every condition, with all their events, as a log of its own.

        Keywords are those of `JourneyMatch`.
        """

    def mark(self, name: str, journeys: JourneyMatch, **options: Unpack[MarkOptions]) -> EventLog:
        """The same log with a new attribute that says of every event whether its journey meets every condition.

        The conditions are a `JourneyMatch`, keywords those of `MarkOptions`.
        """

    def split_sessions(self, gap: float | str | timedelta, **options: Unpack[SplitSessionsOptions]) -> EventLog:
        """The same events, each journey cut into sessions: a new one begins where nothing happens for longer than `gap`.

        Keywords are those of `SplitSessionsOptions`.
        """

    def collapse_repeats(self) -> EventLog:
        """The log with each run of events at the same touchpoint, one after the other in a journey, as one event."""

    def rename(self, names: Mapping[str, str]) -> EventLog:
        """The same log with other names for touchpoints; several that get one name become one touchpoint."""

    def with_map(self, map: JourneyMap, **options: Unpack[WithMapOptions]) -> EventLog:
        """The same log in the touchpoints of a map: each event has the id of the first one with a rule that it meets.

        Keywords are those of `WithMapOptions`.
        """

    def with_feedback(self, feedback: Feedback, **options: Unpack[WithFeedbackOptions]) -> EventLog:
        """The same log whose events carry what customers answered about them, apart from the events' own scores.

        Keywords are those of `WithFeedbackOptions`.
        """

    @property
    def journey_count(self) -> int:
        """How many journeys there are, each once, however many customers it stands for."""

    @property
    def customers(self) -> int:
        """How many customers the journeys stand for together: as many as there are journeys, where none stands for more."""

    @property
    def has_times(self) -> bool:
        """Whether events have times; if not, they stand in the order of the input."""

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
class Table:
    """A table of Arrow, which every package that speaks Arrow takes as it is.

    `polars.DataFrame(table)`, `pyarrow.table(table)` and `duckdb.sql("from table")` are its rows.
    """

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows, as Arrow's C stream in a capsule."""
    def __arrow_c_schema__(self) -> object:
        """The names and types of the columns, as Arrow's C schema in a capsule."""
    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""
    def to_pandas(self) -> Any:
        """The table as a data frame of pandas, which has to be installed, with pyarrow."""
    def to_polars(self) -> Any:
        """The table as a data frame of polars, which has to be installed."""
    def __len__(self) -> int:
        """How many rows there are."""

def _columns(columns: Any) -> Table:
    """The table of columns that are lists of cells."""

def _command(arguments: list[str]) -> int:
    """Runs the command line `journey`, the name of the program first; returns the exit code."""

def _records(rows: Any, columns: Any) -> Table:
    """The table of records, such as the rows of a report, with these columns."""

@final
class Feedback:
    """Answers of customers: surveys, ratings, what they wrote."""

    @classmethod
    def from_csv(cls, source: str | PathLike[str] | bytes | bytearray, **options: Unpack[FeedbackOptions]) -> Feedback:
        """Reads answers from CSV, plain or gzip: a path, or the bytes of the file. Keywords are those of `FeedbackOptions`."""

    def __copy__(self) -> Feedback: ...
    def __deepcopy__(self, _memo: Any) -> Feedback: ...
    def __len__(self) -> int: ...

@final
class JourneyMap:
    """A customer journey map: a graph of touchpoints and the transitions between them, in stages."""

    @classmethod
    def from_json(cls, text: str) -> JourneyMap:
        """Reads a map from JSON text."""

    @classmethod
    def from_yaml(cls, text: str) -> JourneyMap:
        """Reads a map from YAML text."""

    @classmethod
    def from_data(cls, data: MapData) -> JourneyMap:
        """Makes a map from its data."""

    def to_json(self) -> str:
        """The map as JSON text, indented; the same map gives the same text."""

    def to_yaml(self) -> str:
        """The map as YAML text; the same map gives the same text."""

    @classmethod
    def from_mermaid(cls, text: str) -> JourneyMap:
        """Reads a map from a Mermaid `journey` diagram."""

    def to_mermaid(self) -> MermaidExport:
        """The map as a Mermaid `journey` diagram, and what that cannot hold."""

    def to_dot(self) -> str:
        """The map as a graph in DOT, for Graphviz."""

    @staticmethod
    def template(kind: MapKind) -> str:
        """A starter map of this kind as YAML text, with comments."""

    @staticmethod
    def line_of(text: str, place: str) -> int | None:
        """The line of a map file on which a path stands, such as the place of a finding of `lint`."""

    def apply(self, diff: MapDiff | Mapping[str, Any]) -> JourneyMap:
        """The map with the changes of a `diff` made."""

    def to_data(self) -> MapData:
        """The data of the map, as dicts and lists."""

    @property
    def name(self) -> str:
        """What the map is called."""

    def _repr_svg_(self) -> str:
        """The map as a picture, which a notebook draws."""

    def _repr_html_(self) -> str:
        """The same, as a page shows it: what is wider than the page can be scrolled."""

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the map as a picture to a file, whose name ends in `.svg` or `.html`."""

    def show(self) -> None:
        """Shows the map as a picture: below the cell of a notebook, elsewhere in the browser."""

    def __reduce__(self) -> tuple[Callable[[str], JourneyMap], tuple[str]]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class State:
    """What is known of journeys without keeping them: states of parts merge into the state of the whole.

    It begins with no journeys, and keeps what the options say. Keywords are those of `StateOptions`.
    """

    def __new__(cls, **options: Unpack[StateOptions]) -> State: ...

    def update(self, log: EventLog) -> None:
        """Takes in the journeys of a log. Those of one customer must be whole."""

    def merge(self, other: State) -> None:
        """Takes in the journeys of another state, which has the same options."""

    def merge_bytes(self, content: bytes | bytearray) -> None:
        """Takes in the journeys of another state, from its bytes."""

    def to_bytes(self) -> bytes:
        """The state as bytes; states of the same journeys and options give the same bytes."""

    @classmethod
    def from_bytes(cls, content: bytes | bytearray) -> State:
        """Reads the bytes that `to_bytes` gave, options included."""

    @property
    def options(self) -> StateOptions:
        """What the state keeps."""

    @property
    def journeys(self) -> int:
        """How many journeys were taken in."""

    @property
    def events(self) -> int:
        """How many events they have."""

    @property
    def quantile_error(self) -> float:
        """How far a quantile of times may be off, as a share of it."""

    def summary(self, **options: Unpack[SummaryOptions]) -> Summary:
        """What the journeys hold. Keywords are those of `SummaryOptions`."""

    def transitions(self, **options: Unpack[TransitionsOptions]) -> Transitions:
        """Which touchpoint directly follows which. Keywords are those of `TransitionsOptions`."""

    def bottlenecks(self, **options: Unpack[BottleneckOptions]) -> Bottlenecks:
        """Where customers lose time and where they are lost. Keywords are those of `BottleneckOptions`."""

    def drop_offs(self, **options: Unpack[DropOffOptions]) -> DropOffs:
        """Where journeys end. Keywords are those of `DropOffOptions`."""

    def step_matrix(self, **options: Unpack[StepMatrixOptions]) -> StepMatrix:
        """Where customers are at each step from the start. Keywords are those of `StepMatrixOptions`."""

    def funnel(self) -> Funnel:
        """How far customers get through the steps of the state's options."""

    def scores(self, **options: Unpack[ScoresOptions]) -> TouchpointScores:
        """The scores that customers gave at each touchpoint. Keywords are those of `ScoresOptions`."""

    def __reduce__(self) -> tuple[Callable[[bytes], State], tuple[bytes]]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Monitor:
    """Makes journeys from a stream of events and keeps a `State` of those that are closed.

    Keywords are those of `MonitorOptions`.
    """

    def __new__(cls, **options: Unpack[MonitorOptions]) -> Monitor: ...

    def feed(self, events: Sequence[StreamEvent]) -> None:
        """Takes in the next events of the stream, all of them or, if one is refused, none."""

    def feed_log(self, log: EventLog) -> None:
        """Takes in the events of a log, in the order of time; attributes and values stay behind."""

    def advance_to(self, time: str | date) -> None:
        """Says that the stream is known up to a time: what has been silent for long enough is closed."""

    def close_all(self) -> None:
        """Closes every journey, as at the end of the stream."""

    def state(self) -> State:
        """What is known of the closed journeys: a state of its own, which later events do not change."""

    def state_with_open(self) -> State:
        """What is known of all journeys, the open ones as if they were closed here."""

    def status(self) -> MonitorStatus:
        """How the monitor stands."""

def discover(log: EventLog, *, progress: _Progress = None, **options: Unpack[DiscoverOptions]) -> JourneyMap:
    """Draw the map of what customers did: their touchpoints and transitions, with counts and times.

    Keywords are those of `DiscoverOptions`; the result is a map.
    """

def summary(log: EventLog, *, progress: _Progress = None, **options: Unpack[SummaryOptions]) -> Summary:
    """Say what a log holds: how much, of what, from when to when, how long journeys take.

    Keywords are those of `SummaryOptions`; the result is `Summary`.
    """

def transitions(log: EventLog, *, progress: _Progress = None, **options: Unpack[TransitionsOptions]) -> Transitions:
    """Count which touchpoint follows which in the journeys of a log, and how long that takes.

    Keywords are those of `TransitionsOptions`; the result is `Transitions`.
    """

def transition_matrix(
    log: EventLog,
    *,
    progress: _Progress = None,
    **options: Unpack[TransitionMatrixOptions],
) -> TransitionMatrix:
    """Count which touchpoint follows which in the journeys of a log, as a table of one figure.

    Keywords are those of `TransitionMatrixOptions`; the result is `TransitionMatrix`.
    """

def variants(log: EventLog, *, progress: _Progress = None, **options: Unpack[VariantsOptions]) -> Variants:
    """Count the distinct paths of the journeys in a log.

    Keywords are those of `VariantsOptions`; the result is `Variants`.
    """

def rework(log: EventLog, *, progress: _Progress = None, **options: Unpack[ReworkOptions]) -> Rework:
    """Find what customers do again: rework, self-loops, repetitions, ping-pongs and cycles.

    Keywords are those of `ReworkOptions`; the result is `Rework`.
    """

def bottlenecks(log: EventLog, *, progress: _Progress = None, **options: Unpack[BottleneckOptions]) -> Bottlenecks:
    """Find where customers lose time and where they are lost.

    Keywords are those of `BottleneckOptions`; the result is `Bottlenecks`.
    """

def drop_offs(log: EventLog, *, progress: _Progress = None, **options: Unpack[DropOffOptions]) -> DropOffs:
    """Find where journeys end, and where they leave a displayed path.

    Keywords are those of `DropOffOptions`; the result is `DropOffs`.
    """

def step_matrix(log: EventLog, *, progress: _Progress = None, **options: Unpack[StepMatrixOptions]) -> StepMatrix:
    """Say at which touchpoint journeys are at each step, and where two groups differ.

    Keywords are those of `StepMatrixOptions`; the result is `StepMatrix`.
    """

def step_flow(log: EventLog, *, progress: _Progress = None, **options: Unpack[StepFlowOptions]) -> StepFlow:
    """Count how journeys flow from step to step, as a step Sankey diagram shows it.

    Keywords are those of `StepFlowOptions`; the result is `StepFlow`.
    """

def channel_switching(
    log: EventLog,
    *,
    progress: _Progress = None,
    **options: Unpack[ChannelSwitchingOptions],
) -> ChannelSwitching:
    """Find how customers move between channels: how often, from where to where, and what it costs them.

    Keywords are those of `ChannelSwitchingOptions`; the result is `ChannelSwitching`.
    """

def outcome_drivers(
    log: EventLog,
    conversion: Sequence[str],
    *,
    progress: _Progress = None,
    **options: Unpack[OutcomeDriverOptions],
) -> OutcomeDrivers:
    """Find what customers who reach an outcome do before it more often, or less often, than those who do not reach it.

    Keywords are those of `OutcomeDriverOptions`; the result is `OutcomeDrivers`.
    """

def removal_effects(
    log: EventLog,
    conversion: Sequence[str],
    *,
    progress: _Progress = None,
    **options: Unpack[RemovalEffectOptions],
) -> RemovalEffects:
    """Attribute conversions to channels, or touchpoints, by their removal effects in a Markov chain of order 1.

    Keywords are those of `RemovalEffectOptions`; the result is `RemovalEffects`.
    """

def temporal_profile(
    log: EventLog,
    *,
    progress: _Progress = None,
    **options: Unpack[TemporalProfileOptions],
) -> TemporalProfile:
    """Measure how long it usually takes from any touchpoint to any later one, and find the journeys that deviate.

    Keywords are those of `TemporalProfileOptions`; the result is `TemporalProfile`.
    """

def attempts(
    log: EventLog,
    success: Sequence[str],
    *,
    progress: _Progress = None,
    **options: Unpack[AttemptsOptions],
) -> Attempts:
    """Count how often customers try before they reach one of the success touchpoints, and how many give up.

    Keywords are those of `AttemptsOptions`; the result is `Attempts`.
    """

def compare(
    log_a: EventLog,
    log_b: EventLog,
    *,
    progress: _Progress = None,
    **options: Unpack[CompareOptions],
) -> Comparison:
    """Compare the journeys of two logs: which of their figures differ, how much, and whether that can be chance.

    Keywords are those of `CompareOptions`; the result is `Comparison`.
    """

def compare_groups(
    log: EventLog,
    attribute: str,
    value_a: str,
    value_b: str,
    *,
    progress: _Progress = None,
    **options: Unpack[CompareOptions],
) -> Comparison:
    """Compare the journeys of a log that have one value of an attribute with those that have another.

    Keywords are those of `CompareOptions`; the result is `Comparison`.
    """

def segments(
    log: EventLog,
    attribute: str,
    *,
    progress: _Progress = None,
    **options: Unpack[SegmentOptions],
) -> Segments:
    """Show the groups of an attribute beside each other: size, conversion, time, score, and what sets each apart.

    Keywords are those of `SegmentOptions`; the result is `Segments`.
    """

def funnel(
    log: EventLog,
    steps: Sequence[str | FunnelStep],
    *,
    progress: _Progress = None,
    **options: Unpack[FunnelOptions],
) -> Funnel:
    """Count how far customers get through the steps that lead to a goal.

    A step is a touchpoint or a `FunnelStep`. Keywords are those of `FunnelOptions`; the result is `Funnel`.
    """

def explain_funnels(
    log: EventLog,
    steps: Sequence[str | FunnelStep],
    a: FunnelOptions,
    b: FunnelOptions,
    *,
    progress: _Progress = None,
    **options: Unpack[ExplainFunnelsOptions],
) -> FunnelDifferences:
    """Say how many customers two definitions of a funnel count differently, and why, with examples.

    The definitions are `FunnelOptions`. Keywords are those of `ExplainFunnelsOptions`; the result is `FunnelDifferences`.
    """

def emotion_curve(
    map: JourneyMap,
    log: EventLog | None = None,
    *,
    progress: _Progress = None,
    **options: Unpack[EmotionOptions],
) -> EmotionCurve:
    """Draw the emotion curve of a map: expected scores from the map, measured ones from a log.

    Keywords are those of `EmotionOptions`; the result is `EmotionCurve`.
    """

def emotion_dips(
    map: JourneyMap,
    log: EventLog | None = None,
    *,
    progress: _Progress = None,
    **options: Unpack[EmotionOptions],
) -> EmotionDips:
    """Find where the emotion curve of a map dips.

    Keywords are those of `EmotionOptions`; the result is `EmotionDips`.
    """

def lint(
    map: JourneyMap,
    log: EventLog | None = None,
    *,
    progress: _Progress = None,
    **options: Unpack[LintOptions],
) -> LintReport:
    """Say what is wrong with a map: nobody it belongs to, scores without evidence, ways that lead nowhere.

    Keywords are those of `LintOptions`; the result is `LintReport`.
    """

def diff(before: JourneyMap, after: JourneyMap) -> MapDiff:
    """Say what is different between two maps, or two versions of one.

    The result is `MapDiff`.
    """

def peak_end_score(log: EventLog, *, progress: _Progress = None, **options: Unpack[PeakEndOptions]) -> PeakEnd:
    """Say how customers remember their journeys: by peak and end.

    Keywords are those of `PeakEndOptions`; the result is `PeakEnd`.
    """

def satisfaction(
    log: EventLog,
    feedback: Feedback,
    *,
    progress: _Progress = None,
    **options: Unpack[SatisfactionOptions],
) -> Satisfaction:
    """Say how satisfied customers are by their own account: NPS, CSAT and CES, overall and for each group.

    Keywords are those of `SatisfactionOptions`; the result is `Satisfaction`.
    """

def match_feedback(
    log: EventLog,
    feedback: Feedback,
    *,
    progress: _Progress = None,
    **options: Unpack[MatchFeedbackOptions],
) -> FeedbackMatches:
    """Say which answers belong to a visit in the log, and why the others do not.

    Keywords are those of `MatchFeedbackOptions`; the result is `FeedbackMatches`.
    """

def match_events(
    map: JourneyMap,
    log: EventLog,
    *,
    progress: _Progress = None,
    **options: Unpack[MatchOptions],
) -> MatchReport:
    """Say which events of a log are on a map, by the rules of its touchpoints, and which are not.

    Keywords are those of `MatchOptions`; the result is `MatchReport`.
    """

def path_coverage(
    map: JourneyMap,
    log: EventLog,
    *,
    progress: _Progress = None,
    **options: Unpack[PathCoverageOptions],
) -> PathCoverage:
    """Compare a map with what customers did: what of the map is used, what of the data is on the map.

    Keywords are those of `PathCoverageOptions`; the result is `PathCoverage`.
    """

def align(map: JourneyMap, log: EventLog, *, progress: _Progress = None, **options: Unpack[AlignOptions]) -> Alignments:
    """Align each path of the customers with the map: which steps follow it, which do not, which are left out.

    Keywords are those of `AlignOptions`; the result is `Alignments`.
    """

def fitness(
    map: JourneyMap,
    log: EventLog,
    *,
    progress: _Progress = None,
    **options: Unpack[FitnessOptions],
) -> Fitness:
    """Say how well the map explains what customers did, from 0 to 1.

    Keywords are those of `FitnessOptions`; the result is `Fitness`.
    """

def precision(
    map: JourneyMap,
    log: EventLog,
    *,
    progress: _Progress = None,
    **options: Unpack[PrecisionOptions],
) -> Precision:
    """Say how much of what the map allows customers ever do, from 0 to 1.

    Keywords are those of `PrecisionOptions`; the result is `Precision`.
    """

def deviations(
    map: JourneyMap,
    log: EventLog,
    *,
    progress: _Progress = None,
    **options: Unpack[DeviationOptions],
) -> Deviations:
    """Find where customers leave the map, and what conversion goes with it.

    Keywords are those of `DeviationOptions`; the result is `Deviations`.
    """

def report(
    log: EventLog,
    map: JourneyMap | None = None,
    *,
    progress: _Progress = None,
    **options: Unpack[ReportOptions],
) -> JourneyReport:
    """Ask everything of a log, and of a map if there is one, and say which findings matter most.

    Keywords are those of `ReportOptions`; the result is `JourneyReport`, which `render_report` writes as a page.
    """

def render_map(map: JourneyMap, reports: MapReports | None = None, **options: Unpack[RenderMapOptions]) -> Picture:
    """Draw a map with what reports say of it, as SVG.

    `reports` is `MapReports`, keywords are those of `RenderMapOptions`; the result is a text that notebooks draw.
    """

def render_flow(
    report: Transitions | Mapping[str, Any], map: JourneyMap | None = None, **options: Unpack[RenderFlowOptions]
) -> Picture:
    """Draw what customers did as a graph, as SVG: touchpoints, and the transitions between them.

    The report is that of `transitions`; with a map, its stages are columns. Keywords are those of `RenderFlowOptions`.
    """

def render_step_flow(report: StepFlow | Mapping[str, Any], **options: Unpack[RenderStepFlowOptions]) -> Picture:
    """Draw how journeys flow from step to step as a Sankey diagram, as SVG.

    The report is that of `step_flow`. Keywords are those of `RenderStepFlowOptions`.
    """

def render_step_matrix(report: StepMatrix | Mapping[str, Any], **options: Unpack[RenderStepMatrixOptions]) -> Picture:
    """Draw a step matrix as a heat map, as SVG; of two groups, how far they differ.

    The report is that of `step_matrix`. Keywords are those of `RenderStepMatrixOptions`.
    """

def render_funnel(report: Funnel | Mapping[str, Any], **options: Unpack[RenderFunnelOptions]) -> Picture:
    """Draw a funnel as SVG: its steps from zero, how many go on, and how groups do.

    The report is that of `funnel`. Keywords are those of `RenderFunnelOptions`.
    """

def render_times(
    report: Bottlenecks | Mapping[str, Any],
    summary: Summary | Mapping[str, Any] | None = None,
    **options: Unpack[RenderTimesOptions],
) -> Picture:
    """Draw how long transitions or touchpoints take, as SVG: the range of times, their quantiles and their mean.

    The report is that of `bottlenecks`; with that of `summary`, the throughput time of journeys stands above. Keywords are
    those of `RenderTimesOptions`.
    """

def render_comparison(report: Comparison | Mapping[str, Any], **options: Unpack[RenderComparisonOptions]) -> Picture:
    """Draw how two groups differ, as SVG: each difference with its interval and the verdict of its test.

    The report is that of `compare` or `compare_groups`. Keywords are those of `RenderComparisonOptions`.
    """

def render_report(
    report: JourneyReport | Mapping[str, Any], map: JourneyMap | None = None, **options: Unpack[RenderReportOptions]
) -> Page:
    """Write a report as one HTML page that holds everything it needs: no script, nothing from the network.

    The report is that of `report`; with its map, that is drawn with what was measured. Keywords are those of
    `RenderReportOptions`; the result is a text that notebooks show as a page.
    """

def partial(
    batches: ArrowStream
    | ArrowArray
    | LazyTable
    | Mapping[str, Sequence[object]]
    | Sequence[Mapping[str, object]]
    | Iterable[ArrowStream | ArrowArray],
    *,
    state: StateOptions | None = None,
    **options: Unpack[ReadOptions],
) -> bytes:
    """What is to be known of a part of a log, as bytes that `merge` takes: a table, or batches of one, in which the events of
    each customer stand together. `state` are the `StateOptions`; keywords are those of `ReadOptions`.
    """

def merge(states: Iterable[State | bytes | bytearray]) -> State:
    """The state of the whole, from the states of its parts, in any order: what `partial` or `State.to_bytes` gave, or states."""

def _wanted(**options: Unpack[ReadOptions]) -> list[str]:
    """The names of the columns that are read with these keywords, which are those of `ReadOptions`."""
