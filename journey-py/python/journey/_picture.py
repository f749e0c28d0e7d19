"""Pictures: SVG as text, which a notebook shows as what it is."""

from __future__ import annotations

__all__ = ["Picture"]


class Picture(str):
    """A picture as SVG: a text to write to a file, which notebooks draw."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Picture({len(self)} characters of SVG)"

    def _repr_svg_(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x: auto">{self}</div>'
