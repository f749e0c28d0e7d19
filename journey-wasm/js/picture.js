/** A picture as an element of a page, to be put where it belongs; it can be listened to and styled as any other element. */
export function pictureElement(picture, document = globalThis.document) {
  if (!document) throw new TypeError("pictureElement: there is no document here; hand one in as the second argument");
  const parsed = new document.defaultView.DOMParser().parseFromString(picture, "image/svg+xml").documentElement;
  if (parsed.localName !== "svg") throw new TypeError("pictureElement: the text is not a picture; expected what a function such as renderMap returns");
  return document.importNode(parsed, true);
}
