/** Moving recorded times so that they lie as far from now as they lay from the recording. */
import type { JsonPrimitive } from "../codec/json_text.ts";

/** When a response was recorded, and when it is played again. Milliseconds since the Unix epoch. */
export interface TimeShift {
  readonly recordedAtMs: number;
  readonly nowMs: number;
}

/** Numbers and dates further from the recording than this are not about it. */
const WINDOW_MS = 400 * 24 * 60 * 60 * 1000;

const ISO_DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

function shifted(timeMs: number, { nowMs, recordedAtMs }: TimeShift): number | undefined {
  return Math.abs(timeMs - recordedAtMs) <= WINDOW_MS ? timeMs + nowMs - recordedAtMs : undefined;
}

/** A JSON leaf that is a time near the recording, moved; `undefined` for any other leaf. */
export function shiftLeaf(value: JsonPrimitive, shift: TimeShift): JsonPrimitive | undefined {
  if (typeof value === "number") return shiftEpoch(value, shift);
  if (typeof value !== "string" || !ISO_DATE_TIME.test(value)) return undefined;
  const moved = shifted(Date.parse(value), shift);
  return moved === undefined ? undefined : new Date(moved).toISOString();
}

/** Seconds or milliseconds since the epoch near the recording, moved; else `undefined`. */
function shiftEpoch(value: number, shift: TimeShift): number | undefined {
  const [asMs, asSec] = [shifted(value, shift), shifted(value * 1000, shift)];
  if (asMs !== undefined) return Math.round(asMs);
  return asSec === undefined ? undefined : Math.round(asSec / 1000);
}

/** The same for text: 10 or 13 digits, or an ISO 8601 date and time. */
export function shiftText(text: string, shift: TimeShift): string | undefined {
  const leaf = /^\d{10}(\d{3})?$/.test(text) ? Number(text) : text;
  return shiftLeaf(leaf, shift)?.toString();
}

/** An HTTP date or any other date text (RFC 9110 section 5.6.7), moved. */
export function shiftHttpDate(text: string, { nowMs, recordedAtMs }: TimeShift): string {
  const timeMs = Date.parse(text) + nowMs - recordedAtMs;
  return Number.isNaN(timeMs) ? text : new Date(timeMs).toUTCString();
}
