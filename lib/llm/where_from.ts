/**
 * Where a value comes from, for a model: the first answer that holds it, also inside encodings; and where no
 * answer does, where what is encoded in the value comes from.
 */
import type { OpenerCodec } from "../codec/codec.ts";
import type { Locator } from "../codec/locators.ts";
import { type Opener, OPENERS } from "../codec/openers.ts";
import { placeOf } from "../codec/place.ts";
import { Occurrences, type Source } from "../correlate/occurrences.ts";
import { Recording } from "../correlate/recording.ts";
import type { RecordingView } from "./recording_view.ts";
import type { Redaction } from "./redaction.ts";

/** Encodings in one another that are opened of the value itself. */
const MAX_DEPTH = 3;
/** Parts of the value that are looked for. */
const MAX_PARTS = 12;
/** Shorter parts stand in much by chance. In UTF-16 units. */
const MIN_PART = 4;

/** @param before a trace's id: only answers before it count; `""` counts all */
export function whereFrom(view: RecordingView, value: string, before: string): string {
  if (value === "") return "error: give a value";
  return new Search(view, before).answer(value);
}

class Search {
  readonly #redaction: Redaction;
  readonly #recording: Recording;
  readonly #occurrences: Occurrences;
  readonly #end: number;

  constructor({ traces, redaction }: RecordingView, before: string) {
    this.#redaction = redaction;
    this.#recording = new Recording(traces);
    this.#occurrences = new Occurrences(this.#recording);
    const limit = this.#recording.messages.findIndex(({ trace }) => trace.id === before);
    this.#end = limit < 0 ? this.#recording.messages.length : limit;
  }

  answer(value: string): string {
    const sent = this.#occurrences.firstSent(value);
    const firstSent = sent === undefined
      ? ""
      : `; the client first sends it in ${this.#recording.at(sent).trace.id}`;
    const source = this.#sourceOf(value);
    if (source !== null) return `${this.#described(source)}${firstSent}`;
    return [`no response holds it${firstSent}`, ...this.#parts(value)].join("\n");
  }

  /** Where it stands as it is, else where an answer holds it encoded. */
  #sourceOf(value: string): Source | null {
    const plain = this.#occurrences.find(value, this.#end);
    if (plain !== null) return plain;
    for (const { index, answer, isClientCode } of this.#recording.messages.slice(0, this.#end)) {
      const place = answer === null || isClientCode ? null : placeOf(answer, value);
      if (place !== null) return { index, ...place };
    }
    return null;
  }

  /** Of what is encoded in the value, what answers hold. */
  #parts(value: string): string[] {
    return [...insides(value)].slice(0, MAX_PARTS).map(([openers, text]) => {
      const source = text.length < MIN_PART ? null : this.#sourceOf(text);
      const from = source === null ? "no response holds that" : this.#described(source);
      return `in it, ${this.#places(openers)}: ${this.#redaction.show(text)}, ${from}`;
    });
  }

  #described(source: Source): string {
    const { trace } = this.#recording.at(source.index);
    return `${trace.id} response, ${this.#places([source.locator, ...source.openers])}`;
  }

  #places(parts: readonly (Locator | Opener)[]): string {
    return parts.map((part) => placeName(part, this.#redaction)).join(", then ");
  }
}

/** What is encoded in a text, innermost: what is opened further is not answered itself. */
function* insides(text: string, depth = 0): Generator<[Opener[], string]> {
  for (const codec of Object.values(OPENERS) as OpenerCodec<Opener>[]) {
    let isOpened = false;
    for (const [opener, inside] of codec.find(text, "")) {
      if (inside === "" || inside === text || opener.kind === "strip") continue;
      isOpened = true;
      const inner = depth + 1 < MAX_DEPTH ? [...insides(inside, depth + 1)] : [];
      if (inner.length === 0) yield [[opener], inside];
      else for (const [openers, innermost] of inner) yield [[opener, ...openers], innermost];
    }
    if (isOpened) return;
  }
}

/** `json path data.token`, `form-field name csrf`: names as names, page text as values. */
function placeName(part: Locator | Opener, redaction: Redaction): string {
  const facts = Object.entries(part).filter(([key]) => key !== "kind").map(([key, value]) => {
    const shown = Array.isArray(value)
      ? value.map((step) => redaction.name(String(step))).join(".")
      : /^(name|attribute|part)$/.test(key)
      ? redaction.name(String(value))
      : redaction.show(String(value));
    return `${key} ${shown}`;
  });
  return [part.kind, ...facts].join(" ");
}
