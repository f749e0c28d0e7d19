// Places in a map: `["touchpoints", 2, "owner"]`, which the engine writes as `touchpoints[2].owner`.

export type Path = readonly (string | number)[];

/** The place as the engine writes it. */
export function written(path: Path): string {
  return path.map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? key : `.${key}`)).join("");
}

/** The place that the engine has written. */
export function read(place: string): Path {
  return [...place.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([text, index]) => (index === undefined ? text : Number(index)));
}

/** Whether it is an object with fields, neither a list nor nothing. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is at a place; `undefined` if there is no such place. */
export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((here, key) => {
    if (typeof key === "number") return Array.isArray(here) ? here[key] : undefined;
    return isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  }, value);
}

/** The same value with something else at one place; what lies beside it stays what it was. `undefined` takes a field out. */
export function changed(value: unknown, path: Path, change: (here: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (typeof key === "number") {
    if (!Array.isArray(value) || key >= value.length) return value;
    const next = changed(value[key], rest, change);
    return Object.is(next, value[key]) ? value : value.with(key, next);
  }
  const object = isObject(value) ? value : {};
  const before = Object.hasOwn(object, key) ? object[key] : undefined;
  const next = changed(before, rest, change);
  if (Object.is(next, before)) return value;
  if (next !== undefined) return { ...object, [key]: next };
  const copy = { ...object };
  delete copy[key];
  return copy;
}

/** Whether two values hold the same, whatever the order of their fields. */
export function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && one.every((value, i) => same(value, other[i]));
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]));
}
