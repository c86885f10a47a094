/** What the script beside the pages reported, checked: pages are foreign, and so is all they can reach. */
import { isRecord, parseJson } from "../base/json.ts";
import type { TypedField } from "../store/typed_field.ts";

/** Longer texts are none of a login's, in characters. */
const MAX_VALUE = 1_000;
const KINDS = ["identifier", "password", "one-time-code"] as const;

export class TypedFields {
  readonly #byKey = new Map<string, TypedField>();

  /** Takes a report; `false` when it is none, or known. */
  add(text: string, atMs: number): TypedField | null {
    const field = readReport(text, atMs);
    if (field === null) return null;
    const key = JSON.stringify([field.kind, field.name, field.value]);
    if (this.#byKey.has(key)) return null;
    this.#byKey.set(key, field);
    return field;
  }

  all(): TypedField[] {
    return [...this.#byKey.values()];
  }
}

function readReport(text: string, atMs: number): TypedField | null {
  const report = parseJson(text);
  if (!isRecord(report)) return null;
  const { name, value, filledBy } = report;
  const kind = KINDS.find((known) => known === report["kind"]);
  if (kind === undefined || typeof name !== "string" || typeof value !== "string") return null;
  if (value === "" || value.length > MAX_VALUE || name.length > MAX_VALUE) return null;
  return { kind, name, value, filledBy: filledBy === "browser" ? "browser" : "person", atMs };
}
