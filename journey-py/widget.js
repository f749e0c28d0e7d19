// The widget of notebooks: the element of the JavaScript package, with pictures that Python draws. `cargo xtask codegen` puts this
// behind the element and writes `python/journey/_widget.js`, for what a notebook loads is one file.

/** Stands where the element expects a map or a flow: the picture that Python drew last. */
class JourneyMap {
  #model;
  #asked = "";

  constructor(model) {
    this.#model = model;
  }

  /** The picture there is. If this view wants another one, Python is asked for it once; the view is drawn again when it is there. */
  drawn({ width, lang, theme, lanes = null, emotion = "both" }) {
    const wanted = { width, lang, theme, lanes, emotion };
    if (JSON.stringify(wanted) !== this.#asked) {
      this.#asked = JSON.stringify(wanted);
      this.#model.set("wanted", wanted);
      this.#model.save_changes();
    }
    return this.#model.get("picture");
  }
}

const init = async () => {};
const renderMap = (map, _reports, wanted) => map.drawn(wanted);
const renderFlow = (flow, _map, wanted) => flow.drawn(wanted);
const renderStepFlow = renderFlow;

let Widget;

/** The element by a name that is free: it may be there already, from another version or as the page's own. */
function newWidget() {
  if (!Widget) {
    let number = 1;
    while (customElements.get(`journey-widget-${number}`)) number += 1;
    Widget = class extends JourneyMapElement {};
    customElements.define(`journey-widget-${number}`, Widget);
  }
  return new Widget();
}

export default {
  render({ model, el }) {
    const element = newWidget();
    const content = new JourneyMap(model);
    // Which reports are drawn only Python knows, so every choice of emotions is offered.
    element.reports = { emotion_curve: null };
    const follow = {
      "change:picture": () => (element[model.get("flow") ? "flow" : "map"] = content),
      "change:selected": () => (element.selected = model.get("selected")),
      "change:controls": () => (element.controls = model.get("controls")),
      "change:theme": () => (element.theme = model.get("theme")),
      "change:lang": () => (element.lang = model.get("lang")),
    };
    for (const [event, does] of Object.entries(follow)) {
      does();
      model.on(event, does);
    }
    element.addEventListener("journey-select", ({ detail }) => {
      model.set("selected", detail.touchpoint);
      model.save_changes();
    });
    el.append(element);
    return () => {
      for (const [event, does] of Object.entries(follow)) model.off(event, does);
    };
  },
};
