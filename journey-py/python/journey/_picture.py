"""Pictures: SVG as text, which a notebook shows as what it is."""

from __future__ import annotations

import os
from pathlib import Path

from ._errors import InvalidOptionError

__all__ = ["Picture"]


class Picture(str):
    """A picture as SVG: a text to write to a file, which notebooks draw."""

    __slots__ = ()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file, whose name ends in `.svg`."""
        file = Path(path)
        if file.suffix.lower() != ".svg":
            raise InvalidOptionError(f"`path`: `{file.name}` is not the name of a picture; expected one that ends in `.svg`")
        file.write_text(self, encoding="utf-8", newline="\n")

    def __repr__(self) -> str:
        return f"Picture({len(self)} characters of SVG)"

    def _repr_svg_(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x: auto">{self}</div>'
