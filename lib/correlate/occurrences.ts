/**
 * Where every value of an app's recordings stands. Built once over all of them, and asked by everything
 * that follows a value through the traffic:
 *
 * - `firstSent(value)`: the first request that carries it, as a whole leaf;
 * - `carriers(value)`: every request and leaf that does, in time order;
 * - `issuersBefore(value, index)`: the answers before that request that hold it, each with how to take it;
 * - `find(value, index)`: the first of these; `in(value, index)`: how to take it from one answer;
 * - `differs(message, leaf)`: how the leaf compares with the same place in other sessions.
 *
 * Looking every value up in every answer would cost values × bytes. Instead the runs of letters and digits
 * of all values that requests carry, and of what is encoded in them, are noted first; one pass over all
 * answers notes where each run occurs; only those answers are then taken apart.
 */
import { type Place, placeOf } from "../codec/place.ts";
import { Fingerprints, MIN_FINGERPRINT } from "./fingerprints.ts";
import { isOpaque } from "../http/opaque.ts";
import { describePlace, type Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";
import { runsOf, wantRuns } from "./runs.ts";
import { SentValues } from "./sent_values.ts";

/**
 * What other sessions tell: a value that is the same in all of them is a constant of the client, one that
 * differs belongs to the session, however plain it looks.
 */
export type Variation = "same" | "differs" | "unknown";

/** A place of a recorded request: `Trace.id`, and the place as `describePlace` says it. */
export interface VaryingPlace {
  readonly trace: string;
  readonly place: string;
}

/** Where a value comes from. */
export interface Source extends Place {
  /** Index of the message whose answer holds it. */
  readonly index: number;
}

const encoder = new TextEncoder();

export interface OccurrenceOptions {
  /** Other sessions of the same app. */
  readonly others?: readonly Recording[];
  /** Places whose value live answers showed to change with the session. */
  readonly varying?: readonly VaryingPlace[];
  /** Values from elsewhere that will be asked for: the pass over the answers finds them as well. */
  readonly expected?: Iterable<string>;
  /** Index of the last request that a login can end in: the data sent in bodies after it is hardly asked for. */
  readonly loginEnd?: number;
}

export class Occurrences extends SentValues {
  /** Other sessions of the same app. */
  readonly others: readonly Recording[];
  /** The values at each place in other sessions. */
  readonly #others = new Map<string, Set<string>>();
  readonly #varying: ReadonlySet<string>;
  readonly #expected: Iterable<string>;
  readonly #loginEnd: number;
  /**
   * Passes over all answers: for what requests carry but the data after the login, for that as well once some
   * of it is asked for, and one for each value beside.
   */
  readonly #passes: Fingerprints[] = [];
  readonly #located = new Map<string, Source | null>();

  constructor(recording: Recording, options: OccurrenceOptions = {}) {
    super(recording);
    this.others = options.others ?? [];
    this.#varying = new Set((options.varying ?? []).map(({ trace, place }) => `${trace} ${place}`));
    for (const { messages } of this.others) {
      messages.forEach((other) => this.#noteOther(other));
    }
    this.#expected = options.expected ?? [];
    this.#loginEnd = options.loginEnd ?? Infinity;
  }

  /** The answers before `index` that hold the value, in time order, each with how to take it from there. */
  *issuersBefore(
    value: string,
    index: number,
    accept: (index: number) => boolean = () => true,
  ): Generator<Source> {
    for (const candidate of this.#answersWith(value)) {
      if (candidate >= index) return;
      if (!accept(candidate)) continue;
      const source = this.in(value, candidate);
      if (source !== null) yield source;
    }
  }

  /** The first answer before `index` that holds the value; `null` when none does. */
  find(value: string, index: number, accept?: (index: number) => boolean): Source | null {
    return this.issuersBefore(value, index, accept).next().value ?? null;
  }

  /** The first answer to hold it of those whose request did not carry it, as a whole or inside of something. */
  issuer(value: string): Source | null {
    const isIssuer = ({ isClientCode, leaves }: Message) =>
      !isClientCode && !leaves.some((leaf) => leaf.value.includes(value));
    return this.find(value, Infinity, (index) => isIssuer(this.recording.at(index)));
  }

  /** How to take the value from this one answer; `null` when it does not hold it. */
  in(value: string, index: number): Source | null {
    const key = `${index}\0${value}`;
    const known = this.#located.get(key);
    if (known !== undefined) return known;
    const { answer } = this.recording.at(index);
    const place = answer === null ? null : placeOf(answer, value);
    const source = place === null ? null : { index, ...place };
    this.#located.set(key, source);
    return source;
  }

  /** How the leaf's value compares with the values at the same place of other sessions. */
  differs(message: Message, leaf: Leaf): Variation {
    if (this.#varying.has(`${message.trace.id} ${describePlace(leaf.place)}`)) return "differs";
    const values = this.#others.get(placeKey(message, leaf));
    if (values === undefined) return "unknown";
    if (!values.has(leaf.value)) return "differs";
    return values.size === 1 ? "same" : "unknown";
  }

  #noteOther(message: Message): void {
    for (const leaf of message.isScriptOrStyle ? [] : message.leaves) {
      const key = placeKey(message, leaf);
      this.#others.set(key, (this.#others.get(key) ?? new Set()).add(leaf.value));
    }
  }

  #answersWith(value: string): readonly number[] {
    const run = fingerprint(value);
    if (run === null) return [];
    const passes = this.#passes;
    if (passes.length === 0) this.#pass(this.#expected, this.sentValues(this.#loginEnd));
    const known = passes.find((prints) => prints.places(run) !== undefined);
    const isWhole = passes.length > 1 || this.#loginEnd === Infinity;
    return (known ?? this.#pass([run], isWhole ? [] : this.sentValues())).places(run) ?? [];
  }

  #pass(...wanted: Iterable<string>[]): Fingerprints {
    const prints = new Fingerprints();
    for (const values of wanted) for (const value of values) wantRuns(value, prints);
    for (const message of this.recording.messages) noteAnswer(message, prints);
    this.#passes.push(prints);
    return prints;
  }
}

/** Headers that describe the answer and hand out nothing. */
const DESCRIBING =
  /^(date|server|content-(type|length|encoding|security-policy)|cache-control|connection|vary|etag|report-to|nel)$/i;

function noteAnswer(message: Message, prints: Fingerprints): void {
  for (const [name, value] of message.trace.response?.headers ?? []) {
    if (!DESCRIBING.test(name)) prints.note(encoder.encode(value), message.index);
  }
  const bytes = message.responseBytes;
  if (bytes !== null) prints.note(bytes, message.index);
}

/** The longest run of letters and digits; `null` when all runs are too short. */
export function fingerprint(value: string): string | null {
  let longest = "";
  for (const run of runsOf(value)) if (run.length > longest.length) longest = run;
  return longest.length >= MIN_FINGERPRINT ? longest : null;
}

/** The same request in another session: identifiers in its path may differ. */
function placeKey(message: Message, leaf: Leaf): string {
  const path = message.url.pathname.split("/").map((part) => isOpaque(part) ? "*" : part).join(
    "/",
  );
  return `${message.method} ${message.url.host}${path} ${describePlace(leaf.place)}`;
}
