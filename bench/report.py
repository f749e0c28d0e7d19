"""report.py FOLDER PAGE: compares the results and writes the page of what FOLDER/results_*.json hold. Fails if journey disagrees."""
import json, platform, re, sys
from pathlib import Path

import compare, ratios

HERE = Path(__file__).parent
TASKS = {
    "T1": ("Parquet to log", "polars", 2), "T1csv": ("CSV to log", "fastest", 1.5), "T1ndjson": ("NDJSON to log", "fastest", 1.5),
    "T2": ("transitions: count, mean, median", "polars", 3), "T3": ("variants", "polars", 3),
    "T4": ("funnel of five steps, by channel and segment", "polars", 8),
    "T5": ("dwell: mean, median, p90, p95", "polars", 3), "T6": ("removal effects of channels", "polars", 8),
    "T7": ("scores and their changes", "polars", 3), "T8": ("step matrix to 20", "polars", 8),
    "T9": ("CSV to T2..T8", "polars", 1.5), "T10": ("XES to log", "rust4pm", 2.5), "T10gz": ("XES.gz to log", "rust4pm", 2.5),
    "T11": ("Parquet to T2..T8", "polars", 3),
}
SIZES = ("100k", "1M", "10M")


def reached(task, ratios_of):
    """the ratio that the target of a task is about, and the target"""
    _, against, target = TASKS[task]
    known = [ratios_of[p][0] for p in (("polars", "duckdb") if against == "fastest" else (against,)) if p in ratios_of]
    return (min(known) if known else None), target


def seconds(s):
    return f"{s * 1e3:.1f} ms" if s < 1 else f"{s:.2f} s"


def table(rows, peers):
    out = ["| task | | journey | " + " | ".join(peers) + " | to reach |", "|---" * (4 + len(peers)) + "|"]
    below = []
    for task, took, ratios_of in ratios.table(rows):
        if task not in TASKS or not took:
            continue
        ratio, target = reached(task, ratios_of)
        floor = ratios_of["floor"][0] if "floor" in ratios_of else None
        if "journey" not in took:
            below.append((task, None, target, floor))
        elif ratio is not None and ratio < target:
            below.append((task, ratio, target, floor))
        cells = [f"{ratios_of[p][0]:.1f}x ({ratios_of[p][1]:.1f} to {ratios_of[p][2]:.1f})" if p in ratios_of
                 else seconds(took[p]) if p in took else "" for p in peers]
        own = seconds(took["journey"]) if "journey" in took else "not there yet"
        against = {"fastest": "the faster"}.get(TASKS[task][1], TASKS[task][1])
        out.append(f"| {task} | {TASKS[task][0]} | {own} | " + " | ".join(cells) + f" | {target}x {against} |")
    return out, below


def memory(rows, peers):
    found = {(r["task"], r["peer"]): r["rss_mb"] for r in rows if r.get("round") == "memory" and "rss_mb" in r}
    names = [p for p in ("journey", *peers) if any(peer == p for _, peer in found)]
    if not names:
        return []
    out = ["", "| peak memory of the process, MB | " + " | ".join(names) + " |", "|---" * (1 + len(names)) + "|"]
    for task in dict.fromkeys(task for task, _ in found):
        out.append(f"| {task}, {TASKS[task][0]} | " + " | ".join(f"{found[task, p]:.0f}" if (task, p) in found else "" for p in names) + " |")
    return out


def growth(results):
    """how many times longer ten times the events take"""
    own = {size: {t: s["journey"] for t, s, _ in ratios.table(rows) if "journey" in s} for size, rows in results.items()}
    pairs = [(a, b) for a, b in zip(SIZES, SIZES[1:]) if a in own and b in own]
    out = []
    for a, b in pairs:
        grown = [f"{t} {own[b][t] / own[a][t]:.1f}x" for t in own[a] if t in own[b]]
        out += ["", f"From {a} to {b} events, time grows: {', '.join(grown)} (to reach: at most 12x)."]
    return out


def agreement(folder, size):
    rows = compare.compared(folder, size)
    wrong = [r for r in rows if not r["agrees"]]
    ours = [r["task"] for r in rows if r["peer"] == "journey" and r["agrees"]]
    out = ["", f"Results of journey that agree with Polars (counts and names exactly, figures to {compare.TOLERANCE:g}): {', '.join(ours) or 'none were compared'}."]
    if wrong:
        out.append("Results that differ from those of Polars: " + ", ".join(f"{r['peer']} {r['task']}" for r in wrong) + "; see below.")
    return out, [r for r in wrong if r["peer"] == "journey"]


def main():
    folder, page = map(Path, sys.argv[1:3])
    results = {s: json.loads(p.read_text()) for s in SIZES if (p := folder / f"results_{s}.json").exists()}
    if not results:
        sys.exit(f"there are no results in {folder}")
    every = [r for rows in results.values() for r in rows]
    versions = sorted({v for r in every if r.get("version") for v in r["version"].split(", ")})
    cores = max(r.get("cores") or 0 for r in every)
    out = ["# Benchmarks", "", "<!-- written by `cargo xtask bench`; the text around the tables is in bench/report.md -->", ""]
    before, _, after = (HERE / "report.md").read_text().partition("<!-- tables -->\n")
    out += [before.strip(), "", f"Machine: {platform.system()} on {platform.machine()}, {cores} cores. Versions: {', '.join(versions)}.", ""]
    wrong, below = [], {}
    for size, rows in results.items():
        peers = [p for p in dict.fromkeys(r["peer"] for r in rows) if p not in ("journey", "floor")] + ["floor"]
        contended = sum(bool(r.get("contended")) for r in rows)
        lines, less = table(rows, peers)
        below.update({t: (size, r, target, floor) for t, r, target, floor in less})
        counts = {len({r["round"] for r in rows if r["task"] == t and r.get("times")}) for t in {r["task"] for r in rows if r.get("times")}}
        rounds = " to ".join(map(str, dict.fromkeys((min(counts), max(counts)))))
        out += [f"## {size} events", "", f"Medians, rounds: {rounds}. " + (f"In {contended} of {len(rows)} measurements the machine was not quiet." if contended else "The machine was quiet."), "", *lines]
        out += memory(rows, peers)
        lines, differ = agreement(folder / "data", size)
        out += lines + [""]
        wrong += differ
    out += growth(results)
    out += ["", "## Where journey misses what it is to reach", ""]
    notes = dict(re.findall(r"^- \*\*(T\w+)\*\*: (.*)$", after, re.M))
    for task, (size, ratio, target, floor) in below.items():
        got = "cannot be done yet" if ratio is None else f"{ratio:.1f}x instead of {target}x at {size}"
        got += "" if floor is None else f"; the floor is at {floor:.2f}x"
        out.append(f"- **{task}**, {TASKS[task][0]}: {got}. {notes.get(task, '')}".rstrip())
    if not below:
        out.append("Nowhere.")
    rest = re.sub(r"^- \*\*T\w+\*\*: .*\n", "", after, flags=re.M).strip()
    out += ["", rest] if rest else []
    page.write_text(re.sub(r"\n{3,}", "\n\n", "\n".join(out)).rstrip() + "\n")
    print(f"written: {page}")
    for r in wrong:
        print(f"journey differs in {r['task']}: {r['first']} (relative {r['relative']:.1e})", file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
