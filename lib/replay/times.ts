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

function shiftedBy(shift: TimeShift, timeMs: number): number {
  return timeMs + (shift.nowMs - shift.recordedAtMs);
}

/** A JSON leaf that is a time near the recording, moved; `undefined` for any other leaf. */
export function shiftLeaf(value: JsonPrimitive, shift: TimeShift): JsonPrimitive | undefined {
  if (typeof value === "number") return shiftEpoch(value, shift);
  if (typeof value !== "string") return undefined;
  if (!ISO_DATE_TIME.test(value)) return undefined;
  const timeMs = Date.parse(value);
  return isNear(timeMs, shift) ? new Date(shiftedBy(shift, timeMs)).toISOString() : undefined;
}

/** Seconds or milliseconds since the epoch near the recording, moved; else `undefined`. */
function shiftEpoch(value: number, shift: TimeShift): number | undefined {
  if (isNear(value, shift)) return Math.round(shiftedBy(shift, value));
  if (isNear(value * 1000, shift)) return Math.round(shiftedBy(shift, value * 1000) / 1000);
  return undefined;
}

/** The same for text: 10 or 13 digits, or an ISO 8601 date and time. */
export function shiftText(text: string, shift: TimeShift): string | undefined {
  const leaf = /^\d{10}(\d{3})?$/.test(text) ? Number(text) : text;
  return shiftLeaf(leaf, shift)?.toString();
}

/** An HTTP date or any other date text (RFC 9110 section 5.6.7), moved. */
export function shiftHttpDate(text: string, shift: TimeShift): string {
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? text : new Date(shiftedBy(shift, timeMs)).toUTCString();
}

function isNear(timeMs: number, shift: TimeShift): boolean {
  return Math.abs(timeMs - shift.recordedAtMs) <= WINDOW_MS;
}
