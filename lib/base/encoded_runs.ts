/**
 * Runs of base64 in a text, whatever they are part of: `Basic` credentials, the payload of a JWT, a data URL.
 * Where a run starts to be base64 is not to be seen (a path ends in letters of its alphabet too), so it is
 * decoded at each alignment. In time that grows with the text.
 */
export interface TextRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * A piece of base64 or base64url, with `+` and `/` as URLs and JSON write them. A run is pieces side by side: a pattern that
 * repeats them would remember each, for which the engine has no room in a run of some megabytes.
 */
const PIECE = /[A-Za-z0-9+/_-]+|%2[BbFf]|\\\/|\\u002[bBfF]/g;

/** `=` at the end of a run, likewise. */
const PADDING = /(?:=|%3[Dd]|\\u003[dD]){0,2}/y;

/** One for all runs: making one takes longer than decoding most of them. */
const UTF8 = new TextDecoder();

/** Shorter runs hold nothing that is masked anywhere. */
const MIN_RUN_LENGTH = 6;

/** The runs of which `isSecret` says so, given what they decode to: for texts of at least `minLength` characters. */
export function encodedRuns(
  text: string,
  isSecret: (decoded: string) => boolean,
  minLength = 0,
): TextRange[] {
  const runs: TextRange[] = [];
  const minRunLength = Math.max(MIN_RUN_LENGTH, Math.ceil(minLength * 4 / 3));
  for (const { start, end } of runsIn(text)) {
    if (end - start < minRunLength) continue;
    if (decodings(text.slice(start, end)).some(isSecret)) runs.push({ start, end });
  }
  return runs;
}

function* runsIn(text: string): Generator<TextRange> {
  let start = -1;
  let end = -1;
  for (const { 0: piece, index } of text.matchAll(PIECE)) {
    if (index !== end) {
      if (start >= 0) yield { start, end: paddedEnd(text, end) };
      start = index;
    }
    end = index + piece.length;
  }
  if (start >= 0) yield { start, end: paddedEnd(text, end) };
}

function paddedEnd(text: string, end: number): number {
  PADDING.lastIndex = end;
  return end + (PADDING.exec(text)?.[0].length ?? 0);
}

/** What the run holds at each alignment, where that is text: in an image, letters stand by chance. */
function decodings(run: string): string[] {
  const plain = run.replaceAll(/%2[Bb]|\\u002[bB]|-/g, "+").replaceAll(
    /%2[Ff]|\\u002[fF]|_|\\\//g,
    "/",
  )
    .replaceAll(/=|%3[Dd]|\\u003[dD]/g, "");
  return [0, 1, 2, 3].map((skip) => decoded(plain.slice(skip))).filter((text) => text !== null);
}

/** Most of it readable: at a wrong alignment, and at the end of a run that goes on as a path, some is not. */
function decoded(base64: string): string | null {
  const whole = base64.slice(0, base64.length - (base64.length % 4 === 1 ? 1 : 0));
  // Between the letters of UTF-16.
  const text = UTF8.decode(Uint8Array.fromBase64(whole)).replaceAll("\0", "");
  return countOdd(text) * 2 <= text.length ? text : null;
}

/** Control characters, and what stands for bytes that are no text. */
function countOdd(text: string): number {
  let odd = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code >= 0x7f && code < 0xa0 || code === 0xfffd) odd++;
  }
  return odd;
}
