"""Lines that a type checker has to understand; `mypy --strict` reads this file, nobody runs it."""

from typing import assert_type

import journey

log = journey.EventLog.from_csv("events.csv", journey="customer", score_scale="stars")
assert_type(log, journey.EventLog)
assert_type(len(log), int)
assert_type(log.select_journeys(with_path="cart -> pay", with_event={"channels": ["web"]}), journey.EventLog)
assert_type(log.mark("paid", {"with_path": "pay"}, yes="paid").split_sessions("30m"), journey.EventLog)
assert_type(log.collapse_repeats().rename({"a": "b"}), journey.EventLog)
log.select_journeys(path="cart")  # type: ignore[call-arg]
report = journey.bottlenecks(log, steps=["cart", "pay"], pareto=0.9)
assert_type(report, journey.Bottlenecks)
assert_type(report.transitions[0].time.median_seconds, float)
assert_type(report.conversions[0].target, str | None)
map = journey.JourneyMap.from_data(
    {
        "name": "Shop",
        "stages": [{"id": "buy", "name": "Buy"}],
        "touchpoints": [{"id": "pay", "name": "Pay", "stage": "buy", "expected_score": 1.0}],
        "transitions": [{"from": "pay", "to": "pay"}],
    }
)
assert_type(journey.emotion_curve(map).steps[0].measured, float | None)
assert_type(journey.path_coverage(map, log, max_paths=5).map.paths.share, float | None)
funnel = journey.funnel(log, ["visit", {"name": "checkout", "touchpoints": ["cart", "basket"]}], window="7d")
assert_type(funnel.steps[1].reached, int)
assert_type(funnel.policy.order, journey.FunnelOrder)
why = journey.explain_funnels(log, ["visit", "pay"], {"preset": "mixpanel"}, {"preset": "posthog"}, examples=1)
assert_type(why.reasons[0].examples[0].journey, str)
groups = journey.compare_groups(log, "plan", "free", "pro", conversion=["pay"], steps=["cart", "pay"])
assert_type(groups, journey.Comparison)
assert_type(journey.compare(log, log).findings[0].kind, journey.FindingKind)
assert_type(journey.segments(log, "plan", conversion=["pay"]).rows[0].conversion, journey.Share | None)
assert_type(journey.drop_offs(log, path=["cart", "pay"]).path[0].divergence_rate, journey.Share | None)
assert_type(journey.step_matrix(log, steps=3, anchor="pay").rows[0].counts, list[int])
assert_type(journey.rework(log).touchpoints[0].journeys, journey.Share)
assert_type(journey.attempts(log, ["pay"], inactive_after="7d"), journey.Attempts)
assert_type(journey.outcome_drivers(log, ["pay"]), journey.OutcomeDrivers)
assert_type(journey.removal_effects(log, ["pay"], seed=1).rows[0].credit, float | None)
assert_type(journey.lint(map, log).findings[0].severity, journey.LintSeverity)
assert_type(journey.render_flow(journey.transitions(log), map, color_by="share"), journey.Picture)
journey.render_map(map).save("map.svg")
assert_type(map.apply(journey.diff(map, map)), journey.JourneyMap)
assert_type(journey.render_map(map, {"emotion_curve": journey.emotion_curve(map)}, lang="it"), journey.Picture)
journey.render_map(map, lang="xx")  # type: ignore[arg-type]
journey.attempts(log)  # type: ignore[call-arg]
journey.compare_groups(log, "plan", "free")  # type: ignore[call-arg]
journey.funnel(log, ["visit", "pay"], preset="mixpannel")  # type: ignore[arg-type]
journey.bottlenecks(log, stepps=["cart"])  # type: ignore[call-arg]
journey.EventLog.from_csv("events.csv", score_scale="starz")  # type: ignore[arg-type]
journey.render_funnel(journey.summary(log), lang="tlh")  # type: ignore[arg-type]
state = journey.State(conversion=["pay"], funnel_steps=[{"touchpoints": ["visit"]}, {"touchpoints": ["pay"]}])
state.update(log)
assert_type(journey.State.from_bytes(state.to_bytes()).transitions(limit=5).quantile_error, float | None)
monitor = journey.Monitor(inactive_after="30m", state={"steps": 5})
monitor.feed([{"journey": "ann", "touchpoint": "visit", "time": "2024-03-13", "score": 1.0}])
assert_type(monitor.status().late_samples[0].journey, str)
monitor.feed([{"journey": "ann", "time": "2024-03-13"}])  # type: ignore[typeddict-item]
