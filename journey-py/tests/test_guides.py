"""The pages for people from other tools, the notebook and the pages of states: their lines run."""

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs/guide"
ROOT = GUIDE.parents[1]


@pytest.mark.parametrize("page", ["coming-from-pm4py", "coming-from-retentioneering"])
def test_the_lines_of_a_page_run(page):
    blocks = re.findall(r"```python\n(.*?)```", (GUIDE / f"{page}.md").read_text(encoding="utf-8"), re.DOTALL)
    names, printed = {}, io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(printed):
        for block in blocks:
            exec(block, names)
    assert len(blocks) >= 3 and printed.getvalue()


@pytest.mark.parametrize("page", ["coming-from-pm4py", "coming-from-retentioneering"])
def test_what_a_table_of_equivalents_names_is_there(page):
    """Each function, method and option in the middle column is one of this package."""
    import journey

    table = [line.split(" | ") for line in (GUIDE / f"{page}.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(table) > 15
    for _, ours, *_ in table:
        for name, options in re.findall(r"(?<![.\w])([A-Za-z][\w.]*)\(([^()]*)\)", ours):
            owner, _, attribute = name.rpartition(".")
            holder = {"": journey, "journey": journey, "log": journey.EventLog, "journey.EventLog": journey.EventLog}.get(owner)
            if holder is None:
                continue
            function = journey.EventLog.read if attribute == "EventLog" else getattr(holder, attribute)
            for option in re.findall(r"(\w+)=", options):
                assert re.search(rf"^\s*{option} : ", function.__doc__, re.MULTILINE), (name, option)


def test_the_notebook_runs_and_prints_what_it_shows():
    notebook = json.loads((GUIDE / "quickstart.ipynb").read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    names, ran = {}, 0
    with contextlib.chdir(GUIDE):
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                printed = io.StringIO()
                with contextlib.redirect_stdout(printed):
                    exec("".join(cell["source"]), names)
                shown = "".join(text for output in cell["outputs"] for text in output["text"])
                assert printed.getvalue() == shown, "".join(cell["source"])
                ran += 1
    assert ran >= 8
