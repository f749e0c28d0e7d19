"""Pictures in a notebook that can be pointed at and selected in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._journey import JourneyMap
from ._types import MapReports, Transitions

if TYPE_CHECKING:
    from ._anywidget import JourneyWidget

__all__ = ["widget"]


def widget(
    shown: JourneyMap | Transitions,
    reports: MapReports | None = None,
    *,
    map: JourneyMap | None = None,
    selected: str | None = None,
    controls: bool = True,
    **options: Any,
) -> JourneyWidget:
    """Show a map, or the report of `transitions` as a flow, as a widget of a notebook: the element `<journey-map>` of web pages.

    It is as wide as the notebook, zooms, has tooltips and is used by mouse or keyboard. `widget.selected` is the id of the
    touchpoint of the map that is selected, both ways: set it, or `observe` it. `reports` are drawn on a map, as `render_map`
    takes them; `map` gives a flow its stages. Further keywords are options of `render_map` or `render_flow`; what they leave
    open, such as the width, the page decides. It needs the package anywidget: `pip install journey-py[widget]`.
    """
    try:
        from ._anywidget import JourneyWidget
    except ModuleNotFoundError as error:
        if error.name not in ("anywidget", "ipywidgets", "traitlets"):
            raise
        text = "`widget` needs the package anywidget, which `pip install journey-py[widget]` brings"
        raise ModuleNotFoundError(text, name="anywidget") from error
    return JourneyWidget(shown, reports, map, options, selected, controls)
