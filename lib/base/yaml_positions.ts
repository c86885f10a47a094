/** Where in a YAML or JSON text each value stands, for errors that name line and column. */
import {
  type Event,
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
} from "js-yaml";

export interface TextPosition {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
}

interface OpenCollection {
  readonly pointer: string;
  readonly kind: "mapping" | "sequence";
  /** The key whose value comes next; `null` when a key comes next. */
  key: string | null;
  index: number;
}

/**
 * JSON pointer → position. A mapping's entry stands at its key, a sequence's item at its first
 * character. Empty when the text does not parse.
 */
export function yamlPositions(text: string): Map<string, TextPosition> {
  const lines = lineStarts(text);
  const positions = new Map<string, TextPosition>();
  const open: OpenCollection[] = [];
  for (const event of eventsOf(text)) {
    if (event.type === EVENT_ID.POP) {
      open.pop();
      continue;
    }
    const start = startOf(event);
    if (start < 0) continue;
    const parent = open.at(-1);
    if (parent?.kind === "mapping" && parent.key === null) {
      parent.key = event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : "";
      positions.set(`${parent.pointer}/${escapePointer(parent.key)}`, positionAt(lines, start));
      continue;
    }
    const pointer = nextPointer(parent);
    if (!positions.has(pointer)) positions.set(pointer, positionAt(lines, start));
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const kind = event.type === EVENT_ID.MAPPING ? "mapping" : "sequence";
      open.push({ pointer, kind, key: null, index: 0 });
    }
  }
  return positions;
}

/** A key as one segment of a JSON pointer (RFC 6901 section 3). */
export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The opening of a document is pushed by nobody, so its POP must find nothing to close. */
function eventsOf(text: string): Event[] {
  try {
    return parseEvents(text, {});
  } catch {
    return [];
  }
}

function startOf(event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return isQuoted(event) ? event.valueStart - 1 : event.valueStart;
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start;
    case EVENT_ID.ALIAS:
      return event.anchorStart;
    default:
      return -1;
  }
}

/** The value of a quoted scalar starts after its quote; the place is the quote. */
function isQuoted(event: ScalarEvent): boolean {
  return event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
}

function nextPointer(parent: OpenCollection | undefined): string {
  if (parent === undefined) return "";
  if (parent.kind === "sequence") return `${parent.pointer}/${parent.index++}`;
  const key = parent.key ?? "";
  parent.key = null;
  return `${parent.pointer}/${escapePointer(key)}`;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function positionAt(starts: readonly number[], offset: number): TextPosition {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}
