"""The widget, for which anywidget has to be there."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ._errors import make
from ._journey import JourneyMap, render_flow, render_map

__all__ = ["JourneyWidget"]

# What the page says of the picture that it wants.
_WANTED = ("width", "lang", "theme", "lanes", "emotion")


class JourneyWidget(anywidget.AnyWidget):  # type: ignore[misc,unused-ignore]
    """A map or a flow in a notebook, of which a touchpoint can be selected."""

    _esm = Path(__file__).with_name("_widget.js").read_text(encoding="utf-8")

    picture = traitlets.Unicode().tag(sync=True)
    flow = traitlets.Bool().tag(sync=True)
    selected = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    controls = traitlets.Bool(True).tag(sync=True)
    theme = traitlets.Unicode("auto").tag(sync=True)
    lang = traitlets.Unicode("en").tag(sync=True)
    wanted = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        shown: Any,
        reports: Any,
        map: JourneyMap | None,
        options: Mapping[str, Any],
        selected: str | None,
        controls: bool,
    ) -> None:
        self._shown, self._reports, self._map, self._options = shown, reports, map, dict(options)
        is_map = isinstance(shown, JourneyMap)
        if is_map:
            self._ids = [touchpoint["id"] for touchpoint in shown.to_data()["touchpoints"]]
        else:
            ends = (row[end] for row in shown.to_dict()["rows"] for end in ("source", "target"))
            self._ids = [name for name in dict.fromkeys(ends) if name is not None]
        chosen = {name: options[name] for name in ("theme", "lang") if name in options}
        # Options that are wrong are an error here, not in a message of the page.
        super().__init__(picture=self._drawn({}), flow=not is_map, selected=selected, controls=controls, **chosen)

    def _drawn(self, wanted: Mapping[str, Any]) -> str:
        options = {**{name: wanted[name] for name in _WANTED if name in wanted}, **self._options}
        if isinstance(self._shown, JourneyMap):
            return str(render_map(self._shown, self._reports, **options))
        for name in ("lanes", "emotion"):
            options.pop(name, None)
        return str(render_flow(self._shown, self._map, **options))

    @traitlets.observe("wanted")
    def _draw(self, change: Any) -> None:
        self.picture = self._drawn(change["new"])

    @traitlets.validate("selected")
    def _known(self, proposal: Any) -> str | None:
        selected: str | None = proposal["value"]
        if selected is not None and selected not in self._ids:
            close = get_close_matches(selected, self._ids, 1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            raise make("unknown_touchpoint", f"the picture has no touchpoint `{selected}` that can be selected{hint}", field="selected")
        return selected
