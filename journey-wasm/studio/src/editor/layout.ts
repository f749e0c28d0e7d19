// The layout of a text: whoever writes its values anew loses the spaces before comments, and where long texts were broken.

/** What is written now; lines that were written so before the change as well stand as they stood in the text. */
export function asItStood(text: string, before: string, now: string): string {
  const solid = (part: string): string => part.replace(/\s+/g, "");
  if (solid(text) !== solid(before)) return now;
  const full = (whole: string): string[] => whole.split(/\r?\n/).filter((line) => line.trim() !== "");
  const [old, neat] = [full(text), full(before)];
  // What was one line may be written as some, or the other way round: such lines belong together.
  const groups = new Map<string, { neat: string[]; old: string[] }[]>();
  for (let i = 0, j = 0; i < old.length && j < neat.length; ) {
    const group = { neat: [neat[j++] ?? ""], old: [old[i++] ?? ""] };
    for (;;) {
      const more = solid(group.old.join("")).length - solid(group.neat.join("")).length;
      if (more === 0) break;
      if (more < 0) group.old.push(old[i++] ?? "");
      else group.neat.push(neat[j++] ?? "");
    }
    const [first = ""] = group.neat;
    const alike = groups.get(first);
    if (alike) alike.push(group);
    else groups.set(first, [group]);
  }
  const lines = now.split("\n");
  const found: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const alike = groups.get(lines[at] ?? "") ?? [];
    const place = alike.findIndex((group) => group.neat.every((line, k) => line === lines[at + k]));
    const [group] = place < 0 ? [] : alike.splice(place, 1);
    found.push(...(group?.old ?? lines.slice(at, at + 1)));
    at += group?.neat.length ?? 1;
  }
  return found.join("\n");
}
