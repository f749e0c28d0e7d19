"""Reports as charts of Altair, for those who want to change how a picture looks; each is drawn from the table of its report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._errors import make
from ._record import Record
from ._reports import plain

__all__ = ["chart"]

_Row = dict[str, Any]

# What a row without a name stands for, at the beginning and at the end of journeys.
_START, _END = "(start)", "(end)"


def chart(report: Record) -> Any:
    """A chart of Altair; an error for reports that have none."""
    name = type(report).__name__
    draw = _CHARTS.get(name)
    if draw is None:
        known = ", ".join(f"`{report}`" for report in _CHARTS)
        raise make("invalid_option", f"a report `{name}` has no chart; those that have one are {known}; `to_pandas()` has its rows")
    try:
        import altair
    except ImportError as error:
        text = "`to_altair` needs the package altair, which `pip install journey-py[altair]` brings"
        raise ModuleNotFoundError(text, name="altair") from error
    return draw(altair, report)


def _transitions(altair: Any, report: Any) -> Any:
    rows = [{**row, "source": row["source"] or _START, "target": row["target"] or _END} for row in plain(report)]
    tips = ["source:N", "target:N", "count:Q", "journeys:Q", _share(altair, "p_out_share"), "time_median_seconds:Q"]
    return _cells(altair, rows, "target:N", "source:N", altair.Color("journeys:Q"), tips)


def _transition_matrix(altair: Any, report: Any) -> Any:
    targets = [target or _END for target in report.targets]
    rows = [
        {"source": row.source or _START, "target": target, "value": value}
        for row in report.rows
        for target, value in zip(targets, row["values"], strict=True)
    ]
    color = altair.Color("value:Q", title=report.weight.replace("_", " "))
    return _cells(altair, rows, "target:N", "source:N", color, ["source:N", "target:N", "value:Q"])


def _step_matrix(altair: Any, report: Any) -> Any:
    rows = [
        {"step": step, "touchpoint": row.touchpoint or f"({row.kind.replace('_', ' ')})", "journeys": count, "share": share}
        for row in report.rows
        for step, count, share in zip(report.steps, row.counts, row.shares, strict=True)
    ]
    color = altair.Color("share:Q", legend=altair.Legend(format="%"))
    return _cells(altair, rows, "step:O", "touchpoint:N", color, ["touchpoint:N", "step:O", "journeys:Q", _share(altair, "share")])


def _funnel(altair: Any, report: Any) -> Any:
    whole = [(None, report)] if not report.groups else [(group.value or "(none)", group) for group in report.groups]
    rows = [{"group": name, **row} for name, part in whole for row in plain(part, "steps")]
    tips = ["name:N", "reached:Q", "lost:Q", _share(altair, "overall_share")]
    bars, limits = _intervals(altair, rows, "name", "overall_share", "overall_low", "overall_high", tips)
    if report.groups:
        beside = {"yOffset": altair.YOffset("group:N", sort=None)}
        bars, limits = bars.encode(color=altair.Color("group:N", sort=None), **beside), limits.encode(**beside)
    return bars + limits


def _bottlenecks(altair: Any, report: Any) -> Any:
    rows = [{**row, "transition": f"{row['source']} → {row['target']}"} for row in plain(report, "transitions")]
    base = altair.Chart(altair.Data(values=rows)).encode(y=altair.Y("transition:N", sort=None, title=None))
    scale = altair.Scale(type="symlog")
    tips = ["transition:N", "time_n:Q", "time_median_seconds:Q", "time_p90_seconds:Q", "time_p95_seconds:Q", _share(altair, "delay_share")]
    ranges = base.mark_bar(height=4).encode(
        x=altair.X("time_median_seconds:Q", scale=scale, title="seconds: median to 95 %"), x2="time_p95_seconds", tooltip=tips
    )
    medians = base.mark_point(filled=True, size=80).encode(
        x=altair.X("time_median_seconds:Q", scale=scale), color=altair.Color("bottleneck:N"), tooltip=tips
    )
    return ranges + medians


def _emotion_curve(altair: Any, report: Any) -> Any:
    steps = plain(report, "steps")
    rows = [
        {"touchpoint": step["touchpoint"], "stage": step["stage"], "score": step[kind], "kind": kind, "n": step["n"]}
        for kind in ("expected", "measured")
        for step in steps
    ]
    x = altair.X("touchpoint:N", sort=None, title=None)
    y = altair.Y("score:Q", scale=altair.Scale(domain=[-2, 2]))
    band = altair.Chart(altair.Data(values=steps)).mark_errorbar().encode(x=x, y=altair.Y("low:Q", title="score"), y2="high")
    lines = altair.Chart(altair.Data(values=rows)).mark_line(point=True)
    return band + lines.encode(x=x, y=y, color=altair.Color("kind:N", title=None), tooltip=["touchpoint:N", "stage:N", "kind:N", "score:Q", "n:Q"])


def _comparison(altair: Any, report: Any) -> Any:
    rows = [{**row, "number": number} for number, row in enumerate(plain(report))]
    return (
        altair.Chart(altair.Data(values=rows))
        .mark_bar()
        .encode(
            x=altair.X("effect_as_d:Q", title=f"effect, in standard deviations: {report.b.name} less {report.a.name}"),
            y=altair.Y("sentence:N", sort=None, title=None, axis=altair.Axis(labelLimit=480)),
            color=altair.Color("significant:N"),
            tooltip=["sentence:N", "effect:Q", "effect_kind:N", "p_adjusted:Q"],
        )
    )


def _shares(table: str | None, label: str, share: str) -> Callable[[Any, Any], Any]:
    """Bars of a share of each row, with its interval."""

    def draw(altair: Any, report: Any) -> Any:
        rows = plain(report, table)
        for row in rows:
            row["label"] = " → ".join(row[label]) if isinstance(row[label], list) else row[label]
        figure, low, high = f"{share}_share", f"{share}_low", f"{share}_high"
        tips = ["label:N", f"{share}_n:Q", f"{share}_of:Q", *(_share(altair, name) for name in (figure, low, high))]
        bars, limits = _intervals(altair, rows, "label", figure, low, high, tips)
        return bars + limits

    return draw


def _removal_effects(altair: Any, report: Any) -> Any:
    tips = ["name:N", "effect:Q", "effect_share:Q", "credit:Q"]
    bars, limits = _intervals(altair, plain(report), "name", "effect", "effect_low", "effect_high", tips)
    return bars + limits


def _intervals(altair: Any, rows: list[_Row], label: str, value: str, low: str, high: str, tips: list[Any]) -> tuple[Any, Any]:
    """Bars, and the intervals that are laid over them."""
    base = altair.Chart(altair.Data(values=rows)).encode(y=altair.Y(f"{label}:N", sort=None, title=None, axis=altair.Axis(labelLimit=320)))
    title = value.removesuffix("_share").replace("_", " ")
    bars = base.mark_bar().encode(x=altair.X(f"{value}:Q", title=title, axis=altair.Axis(format="%")), tooltip=tips)
    return bars, base.mark_rule().encode(x=f"{low}:Q", x2=high)


def _cells(altair: Any, rows: list[_Row], x: str, y: str, color: Any, tips: list[Any]) -> Any:
    """A heat map."""
    chart = altair.Chart(altair.Data(values=rows)).mark_rect()
    return chart.encode(x=altair.X(x, sort=None, title=None), y=altair.Y(y, sort=None, title=None), color=color, tooltip=tips)


def _share(altair: Any, name: str) -> Any:
    return altair.Tooltip(f"{name}:Q", format=".1%")


_CHARTS: dict[str, Callable[[Any, Any], Any]] = {
    "Bottlenecks": _bottlenecks,
    "Comparison": _comparison,
    "DropOffs": _shares("touchpoints", "touchpoint", "exit_rate"),
    "EmotionCurve": _emotion_curve,
    "Funnel": _funnel,
    "RemovalEffects": _removal_effects,
    "Segments": _shares("rows", "value", "conversion"),
    "StepMatrix": _step_matrix,
    "TransitionMatrix": _transition_matrix,
    "Transitions": _transitions,
    "Variants": _shares("rows", "touchpoints", "coverage"),
}
