// Fields with their labels.
import { useId, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";

/** A list to choose from. */
export function Choice<T extends string>({ label, value, of, onChange, none }: {
  label: string;
  value: T;
  /** What can be chosen, and what it is called. */
  of: readonly (readonly [NoInfer<T>, string])[];
  onChange(value: NoInfer<T>): void;
  /** What choosing nothing is called, where that is possible. */
  none?: string;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {none !== undefined && <option value="">{none}</option>}
        {of.map(([name, said]) => <option key={name} value={name}>{said}</option>)}
      </select>
    </div>
  );
}

/** A list to add from. Arrows walk through it, so that nothing is added before the button or Enter says so. */
export function Adder({ label, of, onAdd }: { label: string; of: readonly string[]; onAdd(name: string): void }) {
  const id = useId();
  const [wanted, want] = useState("");
  const chosen = of.includes(wanted) ? wanted : of[0];
  const add = () => chosen !== undefined && onAdd(chosen);
  return (
    <div class="row">
      <label for={id}>{label}</label>
      <select id={id} class="small" value={chosen} onChange={(event) => want(event.currentTarget.value)} onKeyDown={(event) => event.key === "Enter" && (event.preventDefault(), add())}>
        {of.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
      <button type="button" class="small" aria-disabled={chosen === undefined} onClick={add}>Add</button>
    </div>
  );
}

/** A text, which is taken when the field is left or Enter is pressed. */
export function TextField({ label, value, hint, onChange, size = 10 }: { label: string; value: string; hint?: string; onChange(value: string): void; size?: number }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} type="text" value={value} placeholder={hint} size={size} autocomplete="off" spellcheck={false} onChange={(event) => onChange(event.currentTarget.value.trim())} />
    </div>
  );
}

/** A whole number within bounds. */
export function NumberField({ label, value, least, most, onChange }: { label: string; value: number; least: number; most: number; onChange(value: number): void }) {
  const id = useId();
  const take = (field: HTMLInputElement) => {
    const given = Math.round(field.valueAsNumber);
    const within = Number.isFinite(given) ? Math.min(most, Math.max(least, given)) : value;
    field.value = String(within);
    onChange(within);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} type="number" value={value} min={least} max={most} step={1} onChange={(event) => take(event.currentTarget)} />
    </div>
  );
}

/** Fields side by side. */
export function Fields({ children }: { children: ComponentChildren }) {
  return <div class="fields">{children}</div>;
}
