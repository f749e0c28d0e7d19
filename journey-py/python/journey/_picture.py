"""Pictures and pages: SVG and HTML as text, which a notebook shows as what it is."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from ._errors import InvalidOptionError

__all__ = ["Page", "Picture"]


def _save(text: str, path: str | os.PathLike[str], what: str, ending: str) -> None:
    file = Path(path)
    if file.suffix.lower() != ending:
        raise InvalidOptionError(f"`path`: `{file.name}` is not the name of a {what}; expected one that ends in `{ending}`")
    file.write_text(text, encoding="utf-8", newline="\n")


class Picture(str):
    """A picture as SVG: a text to write to a file, which notebooks draw."""

    __slots__ = ()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file, whose name ends in `.svg`."""
        _save(self, path, "picture", ".svg")

    def __repr__(self) -> str:
        return f"Picture({len(self)} characters of SVG)"

    def _repr_svg_(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x: auto">{self}</div>'


class Page(str):
    """A page as HTML: a text to write to a file, which notebooks show in a frame of its own."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Page({len(self)} characters of HTML)"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page to a file, whose name ends in `.html`."""
        _save(self, path, "page", ".html")

    def _repr_html_(self) -> str:
        frame = "width: 100%; height: 48rem; border: 1px solid"
        return f'<iframe sandbox title="report" style="{frame}" srcdoc="{escape(self)}"></iframe>'
