/**
 * Short values that the recorded answers held under a name, and the answers of a run hold as another one
 * under that name: a script that sends the recorded one has copied it, however little it looks like a token.
 */
import { parseBody } from "../http/body.ts";
import type { HttpResponse, Trace } from "../http/exchange.ts";
import { type FormInput, parseHtml } from "../http/html.ts";
import { type AnswerValue, answerValues, sharesWord } from "./answer_values.ts";
import { carriedBy } from "./carried_values.ts";
import type { Evidence } from "./evidence.ts";
import { copyObjection, type Objection } from "./finding.ts";
import { openText } from "./open_text.ts";
import { isCredentialPlace } from "./place_kinds.ts";
import type { RequestValue } from "./request_values.ts";
import type { ScriptRun } from "./run.ts";
import { holdsWord } from "./typed_literals.ts";

/** Shorter values are told from another only under the very same name. */
const MIN_LENGTH = 2;

interface Reminted extends AnswerValue {
  readonly trace: string;
}

/**
 * @param source of the script: what stands in it was not taken from another place of the answers
 * @rule off: []
 */
export function remintedValues(run: ScriptRun, evidence: Evidence, source: string): Objection[] {
  const reminted: Reminted[] = [];
  const held = new Set<string>(run.answers.values());
  const offered = new Set<string>();
  const copiedAt = (place: RequestValue) =>
    offered.has(choice(place))
      ? undefined
      : reminted.find((one) =>
        (one.name === place.name || one.value.length >= MIN_LENGTH && isAlike(one, place)) &&
        (!held.has(one.value) || holdsWord(source, one.value)) &&
        openText(place.value).includes(one.value) && !isOlder(place, one, evidence)
      );
  return carriedBy(run).flatMap(({ trace, values, answer }) => {
    const found = values.flatMap((place) => {
      const copied = copiedAt(place);
      return copied === undefined ? [] : [copyObjection({ trace, where: place.where }, copied)];
    });
    if (answer === null) return found;
    for (const { value } of answerValues(answer)) held.add(value);
    for (const one of chosenOptions(answer)) offered.add(choice(one));
    reminted.push(...remintedIn(answer, evidence.trace(trace)));
    return found;
  });
}

/** What the recorded answer held at a place where this one holds something else. */
function remintedIn(answer: HttpResponse, recorded: Trace | undefined): Reminted[] {
  if (!recorded?.response) return [];
  const keyOf = ({ name, place, value }: AnswerValue) => `${name} ${place} ${value}`;
  const now = new Set(answerValues(answer).map(keyOf));
  // A field that is called otherwise now holds nothing else.
  const names = new Set(answerValues(answer).map(({ name }) => name));
  return answerValues(recorded.response)
    .filter((one) =>
      one.value !== "" && one.name !== "" && names.has(one.name) && !now.has(keyOf(one))
    )
    .map((one) => ({ ...one, trace: recorded.id }));
}

/** A query had the same under that name before the answer did; credentials are the answer's all the same. @rule off: false */
function isOlder(place: RequestValue, { trace }: Reminted, evidence: Evidence): boolean {
  const issued = evidence.indexOf(trace);
  return !isCredentialPlace(place) &&
    evidence.carriers("query", place.name).some(({ index, value }) =>
      index <= issued && value === place.value
    );
}

/** What lists and radio buttons of a page offer is the visitor's to choose, whatever else holds it, too. */
function chosenOptions(answer: HttpResponse): FormInput[] {
  const body = parseBody(answer.headers, answer.body);
  if (body.kind !== "html") return [];
  const text = body.text.toLowerCase();
  if (!text.includes("<select") && !text.includes("radio")) return [];
  const { forms, looseInputs } = parseHtml(body.text);
  return [...forms.flatMap(({ inputs }) => inputs), ...looseInputs]
    .filter(({ type }) => type === "select" || type === "radio");
}

function choice({ name, value }: Pick<FormInput, "name" | "value">): string {
  return `${name}=${value}`;
}

/**
 * Names with a word in common: `csrf` and `X-Csrf`, `user.id` and `params.user`.
 * @rule off: true
 */
function isAlike(found: AnswerValue, { name }: RequestValue): boolean {
  return sharesWord(found, name, /^x$/);
}
