"""Python and JavaScript give the same numbers, to the last digit: the same core on two machines, one of them WebAssembly."""

import json
import subprocess

from test_conformance import CASES, HERE, call


def test_every_digit_is_the_same_in_javascript():
    printed = subprocess.run(["node", HERE / "results.mjs"], check=True, capture_output=True, encoding="utf-8").stdout
    theirs = json.loads(printed)
    ours = [call(function, case) for function, case in CASES if "error" not in case]
    assert len(ours) == len(theirs) > 100
    for one, other in zip(ours, theirs):
        # JavaScript writes 5.0 as 5, which is equal; all other floats have one shortest text.
        assert one == other
