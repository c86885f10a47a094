/** A moment as a model is told of it: its unit, and how long after the start of the recording it is. */
import { timestampUnit } from "../http/opaque.ts";

const DAY_MS = 86_400_000;

/** `iso +12s`; `null` for anything but a moment within a day of the start. */
export function momentNote(text: string, startedAtMs: number): string | null {
  const unit = timestampUnit(text, startedAtMs, DAY_MS);
  if (unit === null) return null;
  const ms = unit === "s" ? Number(text) * 1000 : unit === "ms" ? Number(text) : Date.parse(text);
  const seconds = Math.round((ms - startedAtMs) / 1000);
  return `${unit} ${seconds < 0 ? "" : "+"}${seconds}s`;
}
