// The package with the module within, for bundlers that lose files and for pages that are one file.
import { init as start } from "./web.js";
import content from "./module.js";

export * from "./api.js";

let bytes;

/** Starts the module, which is in this file; nothing is fetched. After a panic, it starts the module again. */
export function init() {
  bytes ??= Uint8Array.fromBase64?.(content) ?? Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  return start(bytes);
}
