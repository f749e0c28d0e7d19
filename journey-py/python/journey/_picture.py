"""Pictures and pages: SVG and HTML as text, which a notebook shows as what it is."""

from __future__ import annotations

from html import escape

__all__ = ["Page", "Picture"]


class Picture(str):
    """A picture as SVG: a text to write to a file, which notebooks draw."""

    __slots__ = ()

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

    def _repr_html_(self) -> str:
        frame = "width: 100%; height: 48rem; border: 1px solid"
        return f'<iframe sandbox title="report" style="{frame}" srcdoc="{escape(self)}"></iframe>'
