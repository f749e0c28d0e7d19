// A list to choose from, with its label.
import type { ComponentChildren } from "preact";

export function Choice<T extends string>({ label, value, of, onChange, none }: {
  label: string;
  value: T;
  /** What can be chosen, and what it is called. */
  of: readonly (readonly [NoInfer<T>, string])[];
  onChange(value: NoInfer<T>): void;
  /** What choosing nothing is called, where that is possible. */
  none?: string;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {none !== undefined && <option value="">{none}</option>}
        {of.map(([name, said]) => <option key={name} value={name}>{said}</option>)}
      </select>
    </label>
  );
}

/** A field of text, which is taken when it is left or Enter is pressed. */
export function TextField({ label, value, hint, onChange, size = 10 }: { label: string; value: string; hint?: string; onChange(value: string): void; size?: number }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input type="text" value={value} placeholder={hint} size={size} autocomplete="off" spellcheck={false} onChange={(event) => onChange(event.currentTarget.value.trim())} />
    </label>
  );
}

/** A whole number within bounds. */
export function NumberField({ label, value, least, most, onChange }: { label: string; value: number; least: number; most: number; onChange(value: number): void }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input type="number" value={value} min={least} max={most} step={1} onChange={(event) => {
        const given = Math.round(event.currentTarget.valueAsNumber);
        const within = Number.isFinite(given) ? Math.min(most, Math.max(least, given)) : value;
        event.currentTarget.value = String(within);
        onChange(within);
      }} />
    </label>
  );
}

/** Fields side by side. */
export function Fields({ children }: { children: ComponentChildren }) {
  return <div class="fields">{children}</div>;
}
