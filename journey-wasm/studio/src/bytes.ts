// The bytes of a file: unpacked, in which encoding they are, and what they are if they are no text.

/** How much of a file is looked at. */
export const BYTES = 262_144;

/** The bytes of a file, unpacked if they are gzip. */
export async function unpacked(file: Blob): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x1f && second === 0x8b ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
}

/** The first bytes of a file. */
export async function beginning(file: Blob): Promise<Uint8Array> {
  const reader = (await unpacked(file)).getReader();
  const bytes = new Uint8Array(BYTES);
  let length = 0;
  try {
    while (length < BYTES) {
      const { value, done } = await reader.read();
      if (done) break;
      bytes.set(value.subarray(0, BYTES - length), length);
      length += value.length;
    }
  } catch (error) {
    // Of a file that is damaged, the engine says how.
    if (length === 0) throw error;
  }
  await reader.cancel().catch(() => undefined);
  return bytes.subarray(0, length);
}

/** The encoding of a text: by its mark, else UTF-8 unless it cannot be that. */
export function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

/** What files are that hold no text, by how they begin and how their name ends. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^PK\x03\x04[^]*(xl\/|\.xls\w$)|^\xd0\xcf\x11\xe0/, "an Excel workbook"],
  [/^PK\x03\x04[^]*opendocument/, "a spreadsheet"],
  [/^PK\x03\x04/, "a zip archive; unpack it, and open the file in it."],
  [/^%PDF/, "a PDF document"],
  [/^PAR1/, "a Parquet file"],
];

/** What a file is that is no text, and what to do about it; nothing for text. */
export function binary(bytes: Uint8Array, encoding: string, name: string): string | null {
  if (bytes.length === 0) return "empty.";
  const letters = new TextDecoder("latin1").decode(bytes);
  const known = KINDS.find(([form]) => form.test(letters + name))?.[1];
  // Texts hold no zeros, but for UTF-16; what is not UTF-8 is a text if it has no control characters either.
  const unknown = encoding === "utf-8" ? letters.includes("\0") : encoding === "windows-1252" && /[\0-\x08\x0e-\x19]/.test(letters);
  const found = known ?? (unknown ? "a binary file" : null);
  return !found || found.endsWith(".") ? found : `${found}; save its table as CSV (in Excel: File, Save as) and open that.`;
}
