// Work on the page in pieces, so that whoever clicks or types meanwhile is answered.

/** Lets the page answer and paint before what comes next. */
export async function pause(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?(): Promise<void> } };
  await (scheduler?.yield?.() ?? new Promise((go) => setTimeout(go)));
}

/** Waits for the next frame, if there are any. */
export const frame = () => (document.hidden ? pause() : new Promise((go) => requestAnimationFrame(go)));

/** Letters that are parsed in one go: a few milliseconds. */
const LETTERS = 16_384;

/** Parses a page in pieces; nothing if it is not wanted any more. */
export async function parsed(text: string, wanted: () => boolean): Promise<Document | null> {
  // The one parser that can be fed in pieces. The document is not that of a window: nothing in it runs or is loaded.
  const page = document.implementation.createHTMLDocument();
  page.open();
  for (let start = 0; start < text.length; start += LETTERS) {
    page.write(text.slice(start, start + LETTERS));
    await pause();
    if (!wanted()) return null;
  }
  page.close();
  return page;
}

/** Moves what is within an element into another one, a part in each frame, and what is within its `main` likewise. */
export async function move(from: Element, to: Element, wanted: () => boolean): Promise<void> {
  for (const part of [...from.childNodes]) {
    if (!wanted()) return;
    if (part instanceof Element && part.localName === "main") {
      const shell = to.ownerDocument.importNode(part, false);
      // The page around it has its own, and needs one only.
      shell.role = "none";
      to.append(shell);
      await move(part, shell, wanted);
    } else {
      to.append(part);
    }
    await frame();
  }
}

/** Gives a root the styles that a text brings and some more, and returns the text without them: the policy of the page allows none within it. */
export function adopt(root: ShadowRoot, text: string, styled: (rules: string) => string): string {
  const style = /<style>([^<]*)<\/style>/g;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styled([...text.matchAll(style)].map(([, rules]) => rules).join("\n")));
  root.adoptedStyleSheets = [sheet];
  return text.replace(style, "");
}
