"""Pictures and pages: SVG and HTML as text, which a notebook shows as what it is, and a browser elsewhere."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import webbrowser
from html import escape
from pathlib import Path

from ._errors import InvalidOptionError, make

__all__ = ["Page", "Picture"]


def _ending(path: str | os.PathLike[str], what: str, endings: tuple[str, ...]) -> str:
    """The ending of a file's name, which has to be one of these."""
    file = Path(path)
    if file.suffix.lower() not in endings:
        expected = " or ".join(f"`{ending}`" for ending in endings)
        raise InvalidOptionError(f"`path`: `{file.name}` is not the name of a {what}; expected one that ends in {expected}")
    return file.suffix.lower()


def _write(path: str | os.PathLike[str], text: str) -> None:
    Path(path).write_text(text, encoding="utf-8", newline="\n")


def _show(shown: Picture | Page, page: str) -> None:
    """Shows it below the cell of a notebook; elsewhere in the browser, as a page from the folder of temporary files."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if hasattr(shell, "kernel"):
        from IPython.display import display

        display(shown)  # type: ignore[no-untyped-call,unused-ignore]
        return
    # Only this user may read the file. It stays, since nobody knows when the browser has read it.
    descriptor, name = tempfile.mkstemp(prefix="journey-", suffix=".html")
    with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(page)
    if not webbrowser.open(Path(name).as_uri()):
        raise make("io", f"there is no browser to show it; it is the file {name}, and `save` writes it elsewhere")


class Picture(str):
    """A picture as SVG: a text to write to a file, which notebooks draw."""

    __slots__ = ()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file, whose name ends in `.svg`, or in `.html` for a page that holds nothing else."""
        _write(path, self if _ending(path, "picture", (".svg", ".html")) == ".svg" else self._page())

    def show(self) -> None:
        """Show the picture: below the cell of a notebook, elsewhere in the browser."""
        _show(self, self._page())

    def _page(self) -> str:
        title = re.search(r"<title[^>]*>([^<]*)</title>", self)
        head = f'<meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{title[1] if title else "Picture"}</title>'
        return f"<!doctype html>\n<html><head>{head}</head><body>\n{self}\n</body></html>\n"

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
        _ending(path, "page", (".html",))
        _write(path, self)

    def show(self) -> None:
        """Show the page: below the cell of a notebook, elsewhere in the browser."""
        _show(self, self)

    def _repr_html_(self) -> str:
        frame = "width: 100%; height: 48rem; border: 1px solid"
        return f'<iframe sandbox title="report" style="{frame}" srcdoc="{escape(self)}"></iframe>'
