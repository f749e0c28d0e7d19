"""The page of all names is what the docstrings say, and every public name has one."""

import importlib.util
import inspect
from pathlib import Path

import journey

_spec = importlib.util.spec_from_file_location("reference", Path(__file__).parents[1] / "reference.py")
reference = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(reference)


def test_the_page_of_all_names_is_fresh():
    written = (reference.PAGES / "python.md").read_text(encoding="utf-8")
    assert written == reference.page(), "python journey-py/reference.py writes it again"
    assert all(f"`{name}" in written for name in journey.__all__)


def test_every_public_name_has_a_docstring():
    for name in journey.__all__:
        item = getattr(journey, name)
        if inspect.isclass(item) or inspect.isroutine(item):
            assert item.__doc__ and item.__doc__.strip(), name
            for part, member in vars(item).items() if inspect.isclass(item) else ():
                if inspect.isroutine(member) and not part.startswith("_"):
                    assert member.__doc__, f"{name}.{part}"
