// What the tests of pictures ask inside a page: functions that Playwright sends there, so each stands on its own.

/** What a page holds that could run or ask for something; pictures of ours hold nothing of it. */
export function dangers() {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    // A link to a part of the same page, whose name is not made of any label.
    const address = name === "a" ? element.getAttribute("href") : null;
    if (address !== null && /^#[a-z_]+$/.test(address) && document.getElementById(address.slice(1)) && element.getAttributeNames().every((it) => ["class", "href"].includes(it))) continue;
    if (["script", "iframe", "object", "embed", "img", "image", "a", "use", "foreignObject", "animate", "set", "link", "base", "form"].includes(name)) {
      found.push(`<${name}>`);
    }
    for (const { name: attribute, value } of element.attributes) {
      if (attribute.startsWith("on") || ["href", "xlink:href", "src", "srcdoc", "action", "formaction", "style"].includes(attribute)) {
        found.push(`${attribute}="${value}" at <${name}>`);
      }
    }
    if (name === "style" && /url\(|@import|expression|<|hostile/.test(element.textContent)) found.push("a style sheet with an address");
  }
  if (window.hurt !== undefined) found.push(`window.hurt is ${window.hurt}`);
  return found;
}

/** The labels that are not a text of the page, its titles and descriptions included. */
export function lost(labels) {
  // As text, characters that XML forbids are U+FFFD and line breaks are spaces. In a sentence, a label stands between marks of
  // direction, and marks that close nothing are left out, so marks of direction are not compared.
  const plain = (text) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "").replace(/\s+/g, " ").trim();
  const printed = (text) => text.replace(/[\t\n\r]/g, " ").replace(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g, "\ufffd");
  const texts = [...document.querySelectorAll("text, title, desc, h1, h2, h3, p, td, th, li")].map((one) => plain(one.textContent));
  return labels.filter((label) => !texts.some((text) => text.includes(plain(printed(label)))));
}

/** The labels that no touchpoint of a map has as its id. */
export function withoutId(labels) {
  const printed = (text) => text.replace(/[\t\n\r]/g, " ").replace(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g, "\ufffd");
  const ids = new Set([...document.querySelectorAll("[data-touchpoint]")].map((one) => one.dataset.touchpoint));
  return labels.filter((label) => !ids.has(printed(label)));
}

/** What is wrong with how the picture of a page is laid out, in sentences; at most twenty. */
export function flaws() {
  const found = [];
  const svg = document.querySelector("svg");
  const frame = svg.getBoundingClientRect();
  const short = (text) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
  const place = (box) => [box.left, box.top, box.right, box.bottom].map((side) => Math.round(side * 10) / 10).join(" ");
  const lines = [];
  for (const text of svg.querySelectorAll("text")) {
    const size = parseFloat(getComputedStyle(text).fontSize);
    const parts = text.querySelector("tspan") ? [...text.querySelectorAll("tspan")] : [text];
    for (const part of parts) {
      const box = part.getBoundingClientRect();
      if (box.width === 0) continue;
      // The box of a font reaches above and below its letters; letters are as high as the size of the font.
      const middle = (box.top + box.bottom) / 2;
      const line = { left: box.left, right: box.right, top: middle - size / 2, bottom: middle + size / 2, text: part.textContent, size };
      lines.push(line);
      if (line.left < frame.left - 0.5 || line.right > frame.right + 0.5 || line.top < frame.top - 0.5 || line.bottom > frame.bottom + 0.5) {
        found.push(`"${short(line.text)}" at ${place(line)} leaves the picture`);
      }
    }
    // What is cut says so: it ends with an ellipsis, and the whole text is its title.
    const title = text.querySelector("title")?.textContent;
    if (title !== undefined) {
      const bare = (words) => words.replace(/\s+/g, "");
      const shown = parts.map((part) => part.textContent).join("");
      if (bare(shown) !== bare(title) && !shown.includes("…")) found.push(`"${short(title)}" is cut without a sign`);
    }
  }
  lines.sort((a, b) => a.top - b.top);
  for (const [number, one] of lines.entries()) {
    for (const other of lines.slice(number + 1)) {
      if (other.top > one.bottom) break;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (wide > 1 && high > 1) found.push(`"${short(one.text)}" lies on "${short(other.text)}" at ${place(one)}`);
    }
  }
  const boxes = [...svg.querySelectorAll("rect.card, rect.box, rect.cell, rect.heat")].map((rect) => rect.getBoundingClientRect());
  for (const box of boxes) {
    for (const line of lines) {
      const [x, y] = [(line.left + line.right) / 2, (line.top + line.bottom) / 2];
      const inside = x > box.left && x < box.right && y > box.top && y < box.bottom;
      if (inside && (line.left < box.left - 1 || line.right > box.right + 1 || line.top < box.top - 1 || line.bottom > box.bottom + 1)) {
        found.push(`"${short(line.text)}" at ${place(line)} leaves its box at ${place(box)}`);
      }
    }
  }
  for (const shape of svg.querySelectorAll("rect, path, line, circle, polygon, polyline")) {
    const box = shape.getBoundingClientRect();
    if (box.left < frame.left - 2 || box.right > frame.right + 2 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2) {
      found.push(`<${shape.localName} class="${shape.getAttribute("class")}"> at ${place(box)} leaves the picture`);
    }
  }
  return found.slice(0, 20);
}
