/** Whether a value the script made up is one a server would take. */
import { base64DecodeBytes } from "../http/base64.ts";
import type { Generated } from "../correlate/flow.ts";

/** A clock may be off by this much before servers refuse a timestamp. */
const MAX_CLOCK_SKEW_MS = 5 * 60 * 1000;

const MIN_UNLIKELY_CHOICES = 1_000_000;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** RFC 7636 section 4.1. */
const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;

/**
 * `null` when the shape is right; else what is wrong, without any value.
 *
 * @param isReenacted the script was handed the recorded chance, so that it makes the recorded value
 */
export function shapeProblem(
  generated: Generated,
  observed: string,
  nowMs: number,
  isReenacted = false,
): string | null {
  const { id, shape } = generated;
  if (observed === generated.recorded && !isReenacted && !mayRepeat(shape)) {
    return `the captured value of ${id} was sent instead of a new one`;
  }
  switch (shape.kind) {
    case "uuid":
      return UUID.test(observed) ? null : `${id} is no UUID`;
    case "pkce-verifier":
      return VERIFIER.test(observed) ? null : `${id} is no PKCE verifier`;
    case "random":
      return randomProblem(id, shape, observed);
    case "random-bytes":
      return base64DecodeBytes(observed)?.length === shape.length
        ? null
        : `${id} is not base64 of ${shape.length} bytes`;
    case "timestamp":
      return isNear(timeOf(observed, shape.unit), nowMs) ? null : `${id} is not the current time`;
  }
}

/** True where chance alone may well give the recorded value again. */
function mayRepeat(shape: Generated["shape"]): boolean {
  return shape.kind === "random" &&
    new Set(shape.alphabet).size ** shape.length < MIN_UNLIKELY_CHOICES;
}

/** Lengths may differ by a factor of two; letters and digits may stand for one another's mixture. */
function randomProblem(
  id: string,
  shape: { readonly length: number; readonly alphabet: string },
  observed: string,
): string | null {
  if (observed.length * 2 < shape.length || observed.length > shape.length * 2) {
    return `${id} has a length far from the recorded one`;
  }
  const isRich = /[a-z]/i.test(shape.alphabet.replace(/[a-f]/gi, "")) && /\d/.test(shape.alphabet);
  const isAllowed = (char: string) =>
    shape.alphabet.includes(char) || isRich && /[A-Za-z0-9_-]/.test(char);
  return [...observed].every(isAllowed) ? null : `${id} has characters the recorded one does not`;
}

function timeOf(observed: string, unit: "s" | "ms" | "iso"): number {
  if (unit === "iso") return Date.parse(observed);
  if (!/^\d+(\.\d+)?$/.test(observed)) return NaN;
  return unit === "s" ? Number(observed) * 1000 : Number(observed);
}

function isNear(timeMs: number, nowMs: number): boolean {
  return Math.abs(timeMs - nowMs) <= MAX_CLOCK_SKEW_MS;
}
