"""Writes docs/reference/python.md from the docstrings of the installed package: python journey-py/reference.py"""

import inspect
from pathlib import Path

import journey
import journey.spark

PAGES = Path(__file__).parents[1] / "docs/reference"
HEAD = """# Python: all names

What `import journey` brings, by its docstrings; `help(journey.funnel)` shows them with all options. This page is written by
`journey-py/reference.py`, and a test holds it to the package.
"""


def words(item):
    """The docstring up to its options and examples."""
    text = inspect.cleandoc(item.__doc__ or "")
    for title in ("Options\n-------", "Examples\n--------"):
        text = text.split(title)[0]
    return text.strip()


def signature(name, item):
    try:
        return f"{name}{inspect.signature(item)}".replace("(self, /, ", "(").replace("(self, /)", "()").replace("(self, ", "(").replace("(self)", "()")
    except (TypeError, ValueError):
        return name


def entry(name, item, level="###"):
    """A function, or a class without its methods."""
    page = PAGES / f"{name}.md"
    more = f"\n\nMore: [{name}]({name}.md)" if page.exists() else ""
    shown = signature(name, item) if level == "###" and not (inspect.isclass(item) and issubclass(item, Exception)) else name
    return f"{level} `{shown}`\n\n{words(item)}{more}\n"


def members(owner, item):
    """The methods and values of a class that are its own."""
    for name, member in sorted(vars(item).items()):
        if name.startswith("_") or not member.__doc__:
            continue
        shown = signature(name, getattr(item, name)) if callable(getattr(item, name)) else name
        yield f"- `{shown}`: {' '.join(words(member).split())}"


def page():
    names = [name for name in journey.__all__ if not name.startswith("_")]
    items = {name: getattr(journey, name) for name in names}
    functions = [name for name in names if inspect.isroutine(items[name])]
    handles = [name for name in ("EventLog", "JourneyMap", "Feedback", "State", "Monitor", "Table", "Record", "Picture") if name in items]
    errors = [name for name in names if inspect.isclass(items[name]) and issubclass(items[name], Exception)]
    data = [name for name in names if name not in functions + handles + errors]
    parts = [HEAD, "## Functions\n", *(entry(name, items[name]) for name in functions)]
    parts += ["## journey.spark\n", entry("state", journey.spark.state).replace("\n\nMore: [state](state.md)", "\n\nMore: [on a cluster](../guide/spark.md)")]
    parts.append("## Classes\n")
    for name in handles:
        lines = list(members(name, items[name]))
        parts.append(entry(name, items[name]) + ("\n" + "\n".join(lines) + "\n" if lines else ""))
    parts.append("## Errors\n")
    parts += [f"- `{name}`: {' '.join(words(items[name]).split())}" for name in errors]
    parts.append("\n## Options, maps and reports\n\nTheir fields stand on the pages of the questions, and in `help`.\n")
    for name in data:
        text = " ".join(words(items[name]).split()) if inspect.isclass(items[name]) else ""
        parts.append(f"- `{name}`: {text}" if text else f"- `{name}`: one of a few words")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    (PAGES / "python.md").write_text(page(), encoding="utf-8")
