"""Do the results agree? compare.py FOLDER SIZE: every stored result against that of Polars."""
import json, sys
from pathlib import Path

import common

TOLERANCE = 1e-9                 # relative, of the figures that are not whole numbers


def reference(results, task, size):
    """what the result of a task is compared with; what is read from XES is the log that is read from Parquet"""
    name = {"T10": "T1", "T10gz": "T1"}.get(task, task)
    path = results / f"polars_{name}_{size}.json"
    return json.loads(path.read_text()) if path.exists() else None


def compared(folder, size):
    """a row for each result: the exact parts are the same or not, the largest relative difference, the first difference"""
    results = Path(folder) / "results"
    rows = []
    for path in sorted(results.glob(f"*_{size}.json")):
        peer, task, _ = path.stem.split("_")
        expected = reference(results, task, size)
        if expected is None or (peer == "polars" and not task.startswith("T10")):
            continue
        got = json.loads(path.read_text())
        got = common.canonical(task, got) if peer == "journey" else got
        same, relative, _, first = common.compare(got, common.project(task, expected, got))
        rows.append(dict(task=task, peer=peer, agrees=same and relative <= TOLERANCE, relative=relative, first=first,
                         part=got.get("part") if isinstance(got, dict) else None))
    return rows


if __name__ == "__main__":
    rows = compared(*sys.argv[1:3])
    for r in rows:
        print(f"{r['task']:9} {r['peer']:16} {'agrees' if r['agrees'] else 'DIFFERS'}  {r['relative']:.1e}  {r['part'] or ''} {r['first'][:120]}")
    sys.exit(any(r["peer"] == "journey" and not r["agrees"] for r in rows))
