// The custom element `<journey-map>`: the core's picture of a map, a flow or its steps, which can be pointed at, walked through, selected, zoomed and kept.
import { JourneyMap, init, renderFlow, renderMap, renderStepFlow } from "./drawing.js";
import { pictureElement } from "./picture.js";

const LANES = ["emotions", "actions", "thoughts", "expectations", "pain_points", "opportunities", "owners"];
const EMOTIONS = ["both", "expected", "measured"];
const ZOOM = { least: 0.25, most: 4, step: 1.25 };
/** What is left free beside a touchpoint that is scrolled to, in pixels. */
const MARGIN = 24;
/** What is left free between a touchpoint and its tooltip, in pixels. */
const GAP = 6;
/** How large a picture is saved, as long as the browser can: many times as large as drawn. */
const SCALES = [2, 1, 0.5, 0.25];
/** Letters of a picture that are put into the page in one go: a few milliseconds, with their layout. */
const LETTERS = 16_384;
const WORDS = {
  en: {
    tools: "Picture", closer: "Zoom in", farther: "Zoom out", whole: "1:1, as drawn", lanes: "Lanes", svg: "Save as SVG", png: "Save as PNG", picture: "Map, can be scrolled",
    emotions: "Emotions", actions: "Actions", thoughts: "Thoughts", expectations: "Expectations", pain_points: "Pain points", opportunities: "Opportunities", owners: "Owners",
    emotion: "Emotions shown", both: "Expected and measured", expected: "Expected", measured: "Measured",
  },
  it: {
    tools: "Immagine", closer: "Ingrandisci", farther: "Riduci", whole: "1:1, come disegnata", lanes: "Corsie", svg: "Salva come SVG", png: "Salva come PNG", picture: "Mappa, si può scorrere",
    emotions: "Emozioni", actions: "Azioni", thoughts: "Pensieri", expectations: "Aspettative", pain_points: "Punti dolenti", opportunities: "Opportunità", owners: "Responsabili",
    emotion: "Emozioni mostrate", both: "Attese e misurate", expected: "Attese", measured: "Misurate",
  },
};
const STYLE = `
:host{display:block;position:relative;color-scheme:light dark;font-family:var(--journey-font,system-ui,sans-serif);font-size:14px}
:host([theme=light]){color-scheme:light}
:host([theme=dark]){color-scheme:dark}
:host([hidden]){display:none}
[part=toolbar]{display:flex;flex-wrap:wrap;gap:4px;align-items:start;padding-block-end:6px}
[part=toolbar][hidden],[part=tooltip][hidden],[part=error][hidden]{display:none}
button,summary,select{font:inherit;min-width:32px;min-height:32px;box-sizing:border-box;padding:4px 10px;border:1px solid GrayText;border-radius:6px;background:ButtonFace;color:ButtonText;cursor:pointer}
button:focus-visible,summary:focus-visible,select:focus-visible,[part=viewport]:focus-visible{outline:2px solid Highlight;outline-offset:2px}
details{position:relative}
fieldset{position:absolute;z-index:2;margin:4px 0 0;padding:8px 12px;border:1px solid GrayText;border-radius:6px;background:Canvas;color:CanvasText}
label{display:block;white-space:nowrap;padding:3px 0}
[part=viewport]{position:relative;overflow:auto;max-height:var(--journey-map-max-height,none);touch-action:pan-x pan-y pinch-zoom}
[part=viewport].dragged{cursor:grabbing;user-select:none}
svg{display:block;height:auto}
.coming{position:absolute;top:0;left:0;visibility:hidden}
.button{fill:transparent;cursor:pointer}
.touchpoint:has(.button[aria-pressed=true]) .card{stroke:var(--measured);stroke-width:3;stroke-dasharray:none}
.touchpoint:has(.button[aria-pressed=true]) .box{stroke:var(--ink);stroke-width:3}
[part=tooltip]{position:absolute;z-index:3;max-width:min(320px,90%);padding:8px 10px;border:1px solid GrayText;border-radius:6px;background:Canvas;color:CanvasText;box-shadow:0 2px 8px #0004;pointer-events:none;font-size:13px;line-height:1.4}
[part=tooltip] :first-child{font-weight:600}
[part=error]{padding:8px 10px;border:2px solid;border-radius:6px;color:light-dark(#a3240b,#ff9a66)}
`;

const node = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** Lets the page answer and paint before what comes next. */
const pause = () => globalThis.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));

/** A picture in parts of whole elements, each a picture of its own with the head of the whole. */
function* parts(picture) {
  const [head] = /^<svg[^>]*>/.exec(picture) ?? [""];
  let [depth, start] = [0, head.length];
  // Within texts and values the core writes `<` and `>` as entities.
  for (const { 0: tag, 1: closes, 2: empty, index } of picture.matchAll(/<(\/?)\w[^>]*?(\/?)>/g)) {
    if (closes) depth -= 1;
    else if (!empty) depth += 1;
    const end = index + tag.length;
    if (depth !== 1 || end - start < LETTERS) continue;
    yield `${head}${picture.slice(start, end)}</svg>`;
    start = end;
  }
  yield head + picture.slice(start);
}

// Where there is no document, as on a server, the module can be imported all the same.
const Base = globalThis.HTMLElement ?? class {};

export class JourneyMapElement extends Base {
  static observedAttributes = ["theme", "lang", "lanes", "emotion", "selected", "controls"];

  #parts;
  #content = { map: null, reports: null, flow: null, stepFlow: null, draw: null, options: null };
  #selected = null;
  #picture = "";
  #shown = null;
  #turn = 0;
  #zoom = 1;
  #width = 0;
  #due = false;
  #drawing = Promise.resolve();
  #style = globalThis.CSSStyleSheet ? new CSSStyleSheet() : undefined;
  #observer;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const own = new CSSStyleSheet();
    own.replaceSync(STYLE);
    // Style sheets that are adopted are allowed by every content security policy; elements and attributes with styles are not.
    root.adoptedStyleSheets = [this.#style, own];
    const part = (name, element) => (element.setAttribute("part", name), element);
    const toolbar = part("toolbar", node("div", { hidden: true }));
    const viewport = part("viewport", node("div", { tabIndex: 0 }));
    const tooltip = part("tooltip", node("div", { hidden: true }));
    const error = part("error", node("div", { hidden: true }));
    toolbar.setAttribute("role", "group");
    viewport.setAttribute("role", "region");
    tooltip.setAttribute("aria-hidden", "true"); // What it says is the label of the touchpoint.
    error.setAttribute("role", "alert");
    root.append(toolbar, error, viewport, tooltip);
    this.#parts = { toolbar, viewport, tooltip, error };
    this.#listen();
  }

  connectedCallback() {
    // What was set before the element was defined hides what sets it here.
    for (const name of ["map", "reports", "flow", "stepFlow", "draw", "options", "lanes", "emotion", "selected", "theme", "controls"]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      if (width > 0 && width !== this.#width) this.#draw();
    });
    this.#observer.observe(this);
    this.#draw();
  }

  disconnectedCallback() {
    this.#observer?.disconnect();
  }

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === "selected") this.#mark(now);
    else this.#draw();
  }

  /** The map: a `JourneyMap`, which stays the caller's, or the data of one. What a log shows by itself is `discover(log)`. */
  get map() {
    return this.#content.map;
  }
  set map(map) {
    this.#set("map", map);
  }

  /** What reports say of the map, as `renderMap` takes it. */
  get reports() {
    return this.#content.reports;
  }
  set reports(reports) {
    this.#set("reports", reports);
  }

  /** The report of `transitions`, drawn as a flow; a map gives it its stages. */
  get flow() {
    return this.#content.flow;
  }
  set flow(flow) {
    this.#set("flow", flow);
  }

  /** The report of `stepFlow`, drawn as a step Sankey. */
  get stepFlow() {
    return this.#content.stepFlow;
  }
  set stepFlow(stepFlow) {
    this.#set("stepFlow", stepFlow);
  }

  /** A function that draws in the place of the element, such as in a worker. */
  get draw() {
    return this.#content.draw;
  }
  set draw(draw) {
    this.#set("draw", draw);
  }

  /** Further options of the function that draws it: `renderMap`, `renderFlow` or `renderStepFlow`. */
  get options() {
    return this.#content.options;
  }
  set options(options) {
    this.#set("options", options);
  }

  get theme() {
    return this.getAttribute("theme") ?? "auto";
  }
  set theme(theme) {
    this.#reflect("theme", theme);
  }

  /** The lanes to draw; `null` is all that hold something. */
  get lanes() {
    return this.getAttribute("lanes")?.split(/\s+/).filter(Boolean) ?? null;
  }
  set lanes(lanes) {
    this.#reflect("lanes", Array.isArray(lanes) ? lanes.join(" ") : lanes);
  }

  /** Which emotions a map shows: `both`, what the team has `expected`, or what was `measured`. */
  get emotion() {
    return this.getAttribute("emotion") ?? "both";
  }
  set emotion(emotion) {
    this.#reflect("emotion", emotion);
  }

  get controls() {
    return this.hasAttribute("controls");
  }
  set controls(controls) {
    this.toggleAttribute("controls", Boolean(controls));
  }

  /** The id of the touchpoint that is selected, or `null`. */
  get selected() {
    return this.#selected;
  }
  set selected(id) {
    this.#reflect("selected", id);
  }

  /** How large the picture is, 1 as drawn. */
  get zoom() {
    return this.#zoom;
  }
  set zoom(zoom) {
    this.#zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, Number(zoom) || 1));
    this.#resize(this.#shown);
  }

  /** Resolves once what was set is drawn. */
  get drawn() {
    return this.#drawing;
  }

  /** The picture as SVG text, with the colours that the page gives it. */
  toSVG() {
    const computed = getComputedStyle(this);
    const names = [...new Set(this.#picture.match(/--journey-[\w-]+/g))];
    const set = names.map((name) => [name, computed.getPropertyValue(name).trim()]).filter(([, value]) => value);
    if (set.length === 0) return this.#picture;
    const rule = `.journey{${set.map(([name, value]) => `${name}:${value.replace(/[<>&{}]/g, "")}`).join(";")}}`;
    return this.#picture.replace("<style>", () => `<style>\n${rule}`);
  }

  /** The picture as PNG, so many times as large as drawn; if that is not given, 2, or less where the picture is too large for it. */
  async toPNG({ scale } = {}) {
    const picture = this.#shown;
    if (!picture) throw new TypeError("toPNG: there is no picture yet; wait for `drawn`");
    const address = URL.createObjectURL(new Blob([this.toSVG()], { type: "image/svg+xml" }));
    try {
      const image = new Image();
      image.src = address;
      await image.decode();
      const { width, height } = picture.viewBox.baseVal;
      for (const times of scale === undefined ? SCALES : [scale]) {
        const canvas = node("canvas", { width: Math.round(width * times), height: Math.round(height * times) });
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
        if (blob) return blob;
      }
      throw new RangeError("toPNG: the picture is too large for this browser; save it as SVG, or give a smaller `scale`");
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  #set(name, value) {
    this.#content[name] = value ?? null;
    this.#draw();
  }

  #reflect(name, value) {
    if (value === null || value === undefined) this.removeAttribute(name);
    else this.setAttribute(name, value);
  }

  #touchpoints() {
    return [...(this.#shown?.querySelectorAll("[data-touchpoint]") ?? [])];
  }

  get #language() {
    const lang = this.lang || this.closest("[lang]")?.lang || "en";
    return lang.split("-")[0] === "it" ? "it" : "en";
  }

  /** Draws once for all that is set in one go. */
  #draw() {
    if (!this.isConnected || this.#due) return;
    this.#due = true;
    this.#drawing = pause()
      // What is set from here on is drawn next.
      .finally(() => (this.#due = false))
      .then(() => this.#drawNow())
      .catch((error) => this.#fail(error));
  }

  /** Draws and shows in steps, between which the page is not held up. */
  async #drawNow() {
    const turn = ++this.#turn;
    // What was set meanwhile draws anew.
    const wanted = () => this.isConnected && turn === this.#turn;
    let picture;
    try {
      // Who draws elsewhere needs no module here.
      if (!this.#content.draw) await init();
      if (wanted()) picture = await this.#render();
    } catch (error) {
      if (wanted()) throw error;
    }
    if (!wanted()) return;
    if (picture === null) return this.#clear();
    this.#picture = picture;
    await pause();
    if (wanted()) await this.#present(wanted);
  }

  #clear() {
    this.#shown = null;
    this.#parts.viewport.replaceChildren();
  }

  /** Makes the picture; nothing if there is nothing to draw. */
  async #render() {
    const { map: given, reports, flow, stepFlow, draw, options } = this.#content;
    const { viewport, error } = this.#parts;
    this.#width = Math.floor(this.getBoundingClientRect().width);
    this.#tools();
    error.hidden = true;
    viewport.setAttribute("aria-label", WORDS[this.#language].picture);
    if (!given && !flow && !stepFlow && !draw) return null;
    const shared = { lang: this.#language, theme: this.theme };
    const width = (least, most) => Math.min(most, Math.max(least, this.#width || 960));
    if (draw) {
      const picture = await draw({ width: width(320, 4000), ...shared });
      if (typeof picture !== "string") throw new TypeError("draw: expected a function that gives the text of a picture, or a promise of it");
      return picture;
    }
    const own = given && !(given instanceof JourneyMap);
    const map = own ? JourneyMap.fromData(given) : given;
    try {
      if (own) await pause();
      const chart = { width: width(280, 4000), ...shared, ...options };
      if (flow) return renderFlow(flow, map, chart);
      if (stepFlow) return renderStepFlow(stepFlow, chart);
      return renderMap(map, reports, { width: width(320, 20_000), lanes: this.lanes, emotion: this.emotion, ...shared, ...options });
    } finally {
      if (own) map.free();
    }
  }

  /** Puts the picture into the page, part by part, with a button over each touchpoint. One that is there is seen until the new one is whole. */
  async #present(wanted) {
    const { viewport } = this.#parts;
    // Even where it is parsed, a style element breaks a strict content security policy.
    const style = /<style>([^<]*)<\/style>/;
    this.#style.replaceSync(style.exec(this.#picture)?.[1] ?? "");
    let svg;
    for (const part of parts(this.#picture.replace(style, ""))) {
      const drawn = pictureElement(part);
      const touchpoints = drawn.querySelectorAll(".touchpoint");
      if (svg) {
        await pause();
        if (!wanted()) return svg.remove();
        svg.append(...drawn.childNodes);
      } else {
        svg = drawn;
        // Its buttons can be reached, which the parts of an image cannot.
        svg.setAttribute("role", "graphics-document document");
        this.#resize(svg);
        if (this.#shown) svg.classList.add("coming");
        viewport.append(svg);
      }
      for (const group of touchpoints) this.#button(group);
    }
    const focused = this.shadowRoot.activeElement?.dataset?.touchpoint;
    for (const before of [...viewport.children]) if (before !== svg) before.remove();
    svg.classList.remove("coming");
    this.#shown = svg;
    this.#touchpoints().find((one) => one.dataset.touchpoint === focused)?.focus();
    this.#mark(this.#selected);
    this.dispatchEvent(new CustomEvent("journey-draw"));
  }

  /** Lays a button over a touchpoint: it has the name, and what it covers is only to be looked at. */
  #button(group) {
    const { x, y, width, height } = group.getBBox();
    const button = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const attributes = { class: "button", x, y, width, height, rx: 6, role: "button", tabindex: 0, "aria-label": group.getAttribute("aria-label"), "data-touchpoint": group.dataset.touchpoint };
    for (const [name, value] of Object.entries(attributes)) button.setAttribute(name, value);
    for (const name of ["role", "tabindex", "aria-label", "data-touchpoint"]) group.removeAttribute(name);
    // The tooltip says it.
    group.querySelector(":scope > title")?.remove();
    for (const child of group.children) child.setAttribute("aria-hidden", "true");
    group.append(button);
  }

  #fail(problem) {
    this.#clear();
    this.#tell(problem);
  }

  #tell(problem) {
    const { error } = this.#parts;
    error.textContent = problem.message;
    error.hidden = false;
    this.dispatchEvent(new CustomEvent("journey-error", { detail: { error: problem } }));
  }

  #resize(svg) {
    if (svg) svg.style.width = `${svg.viewBox.baseVal.width * this.#zoom}px`;
  }

  /** Marks the touchpoint that is selected, and scrolls the picture, not the page, so that it is seen. */
  #mark(id) {
    this.#selected = id;
    for (const touchpoint of this.#touchpoints()) touchpoint.setAttribute("aria-pressed", String(touchpoint.dataset.touchpoint === id));
    const { viewport } = this.#parts;
    const selected = viewport.querySelector("[aria-pressed=true]");
    if (!selected) return;
    const [around, there] = [viewport.getBoundingClientRect(), selected.getBoundingClientRect()];
    if (there.top < around.top || there.bottom > around.bottom) viewport.scrollTop += there.top - around.top - MARGIN;
    if (there.left < around.left || there.right > around.right) viewport.scrollLeft += there.left - around.left - MARGIN;
  }

  /** Selects as the reader asks, and tells it; what the page sets it knows already. */
  #select(id) {
    if (id === this.#selected) return;
    this.selected = id;
    const label = this.#touchpoints().find((one) => one.dataset.touchpoint === id)?.getAttribute("aria-label") ?? null;
    this.dispatchEvent(new CustomEvent("journey-select", { bubbles: true, composed: true, detail: { touchpoint: id, label } }));
  }

  #show(touchpoint) {
    const { tooltip, viewport } = this.#parts;
    tooltip.hidden = !touchpoint;
    if (!touchpoint) return;
    tooltip.replaceChildren(...touchpoint.getAttribute("aria-label").split("; ").map((text) => node("div", { textContent: text })));
    // Below what is seen of the touchpoint; above it, or over it, where there is no room in the window.
    const [frame, around, place] = [this, viewport, touchpoint].map((element) => element.getBoundingClientRect());
    const [high, low] = [Math.max(place.top, around.top, 0), Math.min(place.bottom, around.bottom, innerHeight)];
    const needed = tooltip.offsetHeight + GAP;
    const below = low + needed <= innerHeight;
    const top = below ? low + GAP : high - needed >= 0 ? high - needed : low - needed;
    const left = Math.max(0, Math.min(place.left - frame.left, frame.width - tooltip.offsetWidth));
    tooltip.style.left = `${left}px`;
    tooltip.style.top = `${top - frame.top}px`;
  }

  #tools() {
    const { toolbar } = this.#parts;
    toolbar.hidden = !this.controls;
    const words = WORDS[this.#language];
    const shown = this.lanes ?? LANES;
    if (this.controls && toolbar.lang !== this.#language) {
      toolbar.lang = this.#language;
      toolbar.setAttribute("aria-label", words.tools);
      const button = (text, name, does) => {
        const made = node("button", { type: "button", textContent: text, onclick: does });
        if (name !== text) made.setAttribute("aria-label", name);
        return made;
      };
      const choices = LANES.map((lane) => node("label", {}, node("input", { type: "checkbox", value: lane, onchange: () => this.#choose() }), ` ${words[lane]}`));
      const legend = node("legend", { textContent: words.lanes });
      const emotions = node("select", { title: words.emotion, onchange: () => (this.emotion = emotions.value) }, ...EMOTIONS.map((value) => node("option", { value, textContent: words[value] })));
      emotions.setAttribute("aria-label", words.emotion);
      toolbar.replaceChildren(
        button("+", words.closer, () => (this.zoom *= ZOOM.step)),
        button("−", words.farther, () => (this.zoom /= ZOOM.step)),
        button("1:1", words.whole, () => (this.zoom = 1)),
        node("details", {}, node("summary", { textContent: words.lanes }), node("fieldset", {}, legend, ...choices)),
        emotions,
        button("SVG", words.svg, () => this.#save(new Blob([this.toSVG()], { type: "image/svg+xml" }), "svg")),
        button("PNG", words.png, () => this.toPNG().then((blob) => this.#save(blob, "png"), (error) => this.#tell(error))),
      );
    }
    for (const choice of toolbar.querySelectorAll("input")) choice.checked = shown.includes(choice.value);
    const { flow, stepFlow, draw, reports } = this.#content;
    const other = Boolean(flow ?? stepFlow ?? draw);
    for (const lanes of toolbar.querySelectorAll("details")) lanes.hidden = other;
    for (const emotions of toolbar.querySelectorAll("select")) {
      emotions.value = this.emotion;
      // Without measured emotions there is nothing to choose.
      emotions.hidden = other || !Object.hasOwn(reports ?? {}, "emotion_curve");
    }
  }

  #choose() {
    this.lanes = [...this.#parts.toolbar.querySelectorAll("input:checked")].map((choice) => choice.value);
  }

  #save(blob, ending) {
    const name = (this.#shown?.querySelector("title")?.textContent || "journey").replace(/[^\p{L}\p{N} _-]/gu, "").trim() || "journey";
    const link = node("a", { href: URL.createObjectURL(blob), download: `${name}.${ending}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  #listen() {
    const { viewport } = this.#parts;
    const touchpoint = (event) => event.target.closest?.("[data-touchpoint]");
    let drag;
    viewport.addEventListener("pointerover", (event) => this.#show(touchpoint(event)));
    viewport.addEventListener("pointerleave", () => this.#show(null));
    viewport.addEventListener("focusin", (event) => this.#show(touchpoint(event)));
    viewport.addEventListener("focusout", () => this.#show(null));
    viewport.addEventListener("scroll", () => this.#show(null));
    viewport.addEventListener("click", (event) => {
      if (drag?.moved) return;
      const id = touchpoint(event)?.dataset.touchpoint ?? null;
      this.#select(id === this.#selected ? null : id);
    });
    viewport.addEventListener("keydown", (event) => this.#key(event, touchpoint(event)));
    viewport.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.zoom *= event.deltaY < 0 ? ZOOM.step : 1 / ZOOM.step;
    }, { passive: false });
    // A mouse drags the picture; fingers scroll it by themselves.
    viewport.addEventListener("pointerdown", (event) => {
      drag = event.pointerType === "mouse" && event.button === 0 ? { x: event.clientX, y: event.clientY, left: viewport.scrollLeft, top: viewport.scrollTop, moved: false } : undefined;
    });
    viewport.addEventListener("pointermove", (event) => {
      if (!drag || event.buttons !== 1) return;
      const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
      if (!drag.moved && Math.hypot(x, y) < 4) return;
      drag.moved = true;
      viewport.classList.add("dragged");
      viewport.scrollTo(drag.left - x, drag.top - y);
    });
    for (const end of ["pointerup", "pointerleave"]) viewport.addEventListener(end, () => viewport.classList.remove("dragged"));
  }

  #key(event, touchpoint) {
    const all = this.#touchpoints();
    const to = (place) => all[Math.max(0, Math.min(all.length - 1, place))]?.focus();
    const here = all.indexOf(touchpoint);
    const keys = {
      "+": () => (this.zoom *= ZOOM.step),
      "-": () => (this.zoom /= ZOOM.step),
      0: () => (this.zoom = 1),
      Escape: () => this.#select(null),
      ...(touchpoint && {
        Enter: () => this.#select(touchpoint.dataset.touchpoint),
        " ": () => this.#select(touchpoint.dataset.touchpoint),
        ArrowRight: () => to(here + 1),
        ArrowLeft: () => to(here - 1),
        Home: () => to(0),
        End: () => to(all.length - 1),
      }),
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }
}

if (globalThis.customElements && !customElements.get("journey-map")) customElements.define("journey-map", JourneyMapElement);
