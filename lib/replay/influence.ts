/**
 * What of that which a script sends comes out another way for another answer to a prompt: runs against the recording
 * as it was, which differ in one answer. What depends on an answer that nobody told can be judged by its form
 * alone; an answer on which nothing depends need not be asked for.
 */
import type { Context } from "../base/context.ts";
import type { Input } from "../correlate/flow.ts";
import type { SentRequest } from "../judge/run.ts";
import { inventInputs } from "./fresh_flow.ts";
import { type PlacedValue, placedValues, recordedValues } from "./placed_values.ts";
import type { ProofRequest } from "./proof_request.ts";
import { RandomSource } from "./random_source.ts";
import { reenact } from "./reenact.ts";

/** What was sent, by `PlacedValue.place`. */
type SentTexts = ReadonlyMap<string, string>;

export interface Influence {
  /** Names of the inputs that were asked for. */
  readonly asked: ReadonlySet<string>;
  /** Places that another answer changes, by the name of its input. */
  readonly changed: ReadonlyMap<string, ReadonlySet<string>>;
  /** Places that are another each time for the same answers. */
  readonly unstable: ReadonlySet<string>;
  readonly sent: SentTexts;
  /** The answers with which `sent` was sent. */
  readonly answers: ReadonlyMap<string, string>;
}

/** Two answers may give one short text by chance: so many are tried before it counts as independent of them. */
const TRIES = 6;
/** In UTF-16 units; two longer texts are not the same by chance. */
const SHORT = 6;

/** @param varied inputs of the flow, each of which is answered another way in runs of its own */
export async function influenceOf(
  ctx: Context,
  request: ProofRequest,
  varied: readonly Input[],
): Promise<Influence> {
  const random = new RandomSource(ctx.random);
  const invent = () => inventInputs(request.flow, random);
  const one = invent();
  const play = async (inputs: ReadonlyMap<string, string>) =>
    (await reenact(ctx, { ...request, claimed: [] }, inputs, "recorded")).run;
  const another = async (name: string) =>
    textsOf((await play(new Map([...one, [name, otherThan(one.get(name)!, invent, name)]]))).sent);
  const [first, again] = await Promise.all([play(one), play(one)]);
  const [sent, repeated] = [textsOf(first.sent), textsOf(again.sent)];
  const unstable = changedIn(sent, repeated);
  const asked = varied.filter(({ name }) => first.answers.has(name));
  const fixed = await fixedPlaces(sent, request);
  const changed = new Map<string, ReadonlySet<string>>();
  for (const { name } of asked) {
    let places = without(changedIn(sent, await another(name)), unstable);
    if (isPerhapsChance(sent, places, places.union(fixed))) {
      const more = await Promise.all(Array.from({ length: TRIES - 1 }, () => another(name)));
      places = new Set([...places, ...more.flatMap((run) => [...changedIn(sent, run)])]);
      places = without(places, unstable);
    }
    changed.set(name, places);
  }
  return { asked: new Set(first.answers.keys()), changed, unstable, sent, answers: one };
}

/**
 * Nothing changed, or a text stayed that is short enough to stay by chance.
 *
 * @param settled places of which it is known whether the answer changes them
 */
function isPerhapsChance(
  sent: SentTexts,
  changed: ReadonlySet<string>,
  settled: ReadonlySet<string>,
): boolean {
  return changed.size === 0 ||
    [...sent].some(([place, { length }]) => length < SHORT && !settled.has(place));
}

/** What the script holds as a text, and sends as the recorded client did, who gave other answers: a constant. */
async function fixedPlaces(
  sent: SentTexts,
  { source, fileName, traces }: ProofRequest,
): Promise<Set<string>> {
  const { writtenValues } = await import("../script/written_values.ts");
  const recorded = byPlace(recordedValues(traces));
  const { texts } = writtenValues(source, fileName);
  return new Set(
    [...sent].filter(([place, text]) =>
      recorded.get(place) === text && texts.some((written) => written.text.includes(text))
    ).map(([place]) => place),
  );
}

function otherThan(
  answer: string,
  invent: () => ReadonlyMap<string, string>,
  name: string,
): string {
  const other = invent().get(name)!;
  return other === answer ? `${answer}1` : other;
}

function without(places: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...places].filter((place) => !others.has(place)));
}

function changedIn(one: SentTexts, other: SentTexts): Set<string> {
  return new Set([...one].filter(([place, text]) => other.get(place) !== text).map(([at]) => at));
}

/** Of the requests that are known as recorded ones. */
function textsOf(requests: readonly SentRequest[]): SentTexts {
  return byPlace(
    requests.flatMap(({ trace, request }) => trace === null ? [] : placedValues(trace, request)),
  );
}

function byPlace(values: readonly PlacedValue[]): SentTexts {
  return new Map(values.map(({ place, value }) => [place, value]));
}
