/**
 * What of that which a script sends comes out another way for another answer to a prompt: runs against the recording
 * as it was, which differ in one answer. What depends on an answer that nobody told can be judged by its form
 * alone; an answer on which nothing depends need not be asked for.
 */
import type { Input } from "../correlate/flow.ts";
import { inventInputs } from "./invent_inputs.ts";
import { type PlacedValue, placedValues, recordedValues } from "./placed_values.ts";
import type { ProofRequest } from "./proof.ts";
import type { Prover } from "./prover.ts";

/** What was sent, by `PlacedValue.place`. */
type SentTexts = ReadonlyMap<string, string>;

export interface Influence {
  /** Places that another answer changes, by the name of its input: of those that were asked for. */
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
export async function influenceOf(prover: Prover, varied: readonly Input[]): Promise<Influence> {
  const invent = () => inventInputs(prover.request.flow, prover.random);
  const answers = invent();
  const play = async (inputs: ReadonlyMap<string, string>) => {
    const run = await prover.reenact(inputs, "recorded");
    const known = run.sent.flatMap(({ trace, request }) =>
      trace === null ? [] : placedValues(trace, request)
    );
    return { asked: new Set(run.answers.keys()), sent: byPlace(known) };
  };
  const [{ asked, sent }, again] = await Promise.all([play(answers), play(answers)]);
  const unstable = changedIn(sent, again.sent);
  const changedBy = async (name: string) => {
    const [one, other] = [answers.get(name)!, invent().get(name)!];
    const another = new Map([...answers, [name, other === one ? `${one}1` : other]]);
    return changedIn(sent, (await play(another)).sent).difference(unstable);
  };
  const fixed = await fixedPlaces(sent, prover.request);
  const changed = new Map<string, ReadonlySet<string>>();
  for (const { name } of varied) {
    if (!asked.has(name)) continue;
    const places = await changedBy(name);
    changed.set(name, places);
    if (!isPerhapsChance(sent, places, places.union(fixed))) continue;
    const more = await Promise.all(Array.from({ length: TRIES - 1 }, () => changedBy(name)));
    changed.set(name, more.reduce((all, one) => all.union(one), places));
  }
  return { changed, unstable, sent, answers };
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
  const fixed = [...sent].filter(([place, text]) =>
    recorded.get(place) === text && texts.some((written) => written.text.includes(text))
  );
  return new Set(fixed.map(([place]) => place));
}

function changedIn(one: SentTexts, other: SentTexts): Set<string> {
  return new Set([...one].filter(([place, text]) => other.get(place) !== text).map(([at]) => at));
}

function byPlace(values: readonly PlacedValue[]): SentTexts {
  return new Map(values.map(({ place, value }) => [place, value]));
}
