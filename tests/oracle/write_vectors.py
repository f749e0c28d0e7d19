"""Writes the conformance vectors, `../conformance/<function>.json`; run it as `python write_vectors.py`.

Needs numpy, scipy and pandas. The cases are those of `cases.py` and `map_cases.py`, with reports from `oracle.py`; those of
`questions/`, where each file holds the reference and the cases of one question or a few; and those of `files.py`, with figures copied from `../data/*/expected.json`. Every figure that was worked out by hand or copied must
agree with the oracle, or nothing is written. The same input gives the same bytes.
"""

import json
import math
from importlib import import_module
from pathlib import Path

import cases  # noqa: F401  (adds its cases to CASES)
import map_cases  # noqa: F401
from builders import CASES, MAPS_ONLY
from files import file_cases
from oracle import FUNCTIONS, read_feedback, read_log

for _file in sorted((Path(__file__).resolve().parent / "questions").glob("*.py")):
    import_module(f"questions.{_file.stem}")

OUT = Path(__file__).resolve().parent.parent / "conformance"
TOLERANCE = 1e-12


def differences(expected, got, path=""):
    """Where a report differs from the fields that are expected; lists are compared whole."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key, value in expected.items():
            yield from differences(value, got[key], f"{path}.{key}") if key in got else [f"{path}.{key} is missing"]
    elif isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            yield f"{path}: {len(expected)} rows expected, got {len(got)}"
        for place, pair in enumerate(zip(expected, got)):
            yield from differences(*pair, f"{path}[{place}]")
    elif isinstance(expected, float) and isinstance(got, (int, float)) and not isinstance(got, bool):
        if not math.isclose(expected, got, rel_tol=TOLERANCE, abs_tol=0):
            yield f"{path}: {expected!r} expected, got {got!r}"
    elif type(expected) is not type(got) or expected != got:
        yield f"{path}: {expected!r} expected, got {got!r}"


def fragile(report, path=""):
    """Floats so near 0 that a relative tolerance would ask for the same rounding."""
    if isinstance(report, (dict, list)):
        for key, value in report.items() if isinstance(report, dict) else enumerate(report):
            yield from fragile(value, f"{path}.{key}")
    elif isinstance(report, float) and 0 < abs(report) < 1e-9:
        yield f"{path} is {report!r}"


def vector(function, case):
    with_log = case["log"] != MAPS_ONLY
    out = {"name": case["name"], "why": case["why"], **({"log": case["log"]} if with_log else {})}
    given = ("other_log", "feedback", "map", "other_map", "args", "options")
    out |= {field: case[field] for field in given if case.get(field) is not None}
    if case.get("error"):
        return {**out, "error": case["error"]}
    others = [read_log(case["other_log"])] if case.get("other_log") else []
    answers = [read_feedback(case["feedback"])] if case.get("feedback") else []
    arguments = [*([read_log(case["log"])] if with_log else []), *others, *answers, *(case.get("args") or [])]
    maps = {field: case[field] for field in ("map", "other_map") if case.get(field) is not None}
    report = FUNCTIONS[function](*arguments, **maps, **case.get("options") or {})
    wrong = list(differences(case.get("hand") or {}, report))
    if case.get("copied"):
        shown = {"part": case["hand"]}
    elif case.get("fields"):
        shown = {"part": {field: report[field] for field in case["fields"]}}
    else:
        # The map that `discover` draws has words in it (the stage's name, the description) that are no figures.
        shown = {"part" if function == "discover" else "report": report}
    wrong += fragile(shown)
    if wrong:
        raise SystemExit(f"{function}, {case['name']}: " + "; ".join(wrong))
    return {**out, **shown}


def main():
    files = file_cases()
    texts = {}
    for function in FUNCTIONS:
        vectors = [vector(function, case) for case in CASES[function] + files.get(function, [])]
        assert len({case["name"] for case in vectors}) == len(vectors), f"{function}: two cases have one name"
        texts[function] = json.dumps(vectors, indent=1, ensure_ascii=False) + "\n"
        print(f"{function}: {len(vectors)} cases, {len(texts[function].encode())} bytes")
    for function, text in texts.items():
        (OUT / f"{function}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
