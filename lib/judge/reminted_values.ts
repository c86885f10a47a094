/**
 * Short values that the recorded answers held under a name, and the answers of a run hold as another one
 * under that name: a script that sends the recorded one has copied it, however little it looks like a token.
 */
import { parseBody } from "../http/body.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { type FormInput, parseHtml } from "../http/html.ts";
import { words } from "../http/vocabulary.ts";
import { type AnswerValue, answerValues } from "./answer_values.ts";
import { resultPlaces } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import { openText } from "./open_text.ts";
import { type RequestValue, requestValues } from "./request_values.ts";
import type { Objection, ScriptRun } from "./run.ts";
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
  const found: Objection[] = [];
  const look = (trace: string | null, prefix: string, place: RequestValue) => {
    if (offered.has(choice(place))) return;
    const copied = reminted.find((one) =>
      (one.name === place.name || one.value.length >= MIN_LENGTH && isAlike(one, place)) &&
      (!held.has(one.value) || holdsWord(source, one.value)) &&
      openText(place.value).includes(one.value)
    );
    if (copied === undefined) return;
    found.push({
      trace,
      where: prefix + place.where,
      problem:
        `holds a recorded value, to be taken from the answer of ${copied.trace}, ${copied.place}`,
    });
  };
  for (const { request, trace, answer } of run.sent) {
    for (const place of requestValues(request)) look(trace, "", place);
    const now = answerValues(answer);
    for (const { value } of now) held.add(value);
    for (const one of chosenOptions(answer)) offered.add(choice(one));
    const places = new Set(now.map((one) => `${one.name} ${one.place} ${one.value}`));
    const before = evidence.traces.find(({ id }) => id === trace)?.response;
    for (const one of before ? answerValues(before) : []) {
      const isGone = one.value !== "" && one.name !== "" &&
        !places.has(`${one.name} ${one.place} ${one.value}`);
      if (isGone) reminted.push({ ...one, trace: trace! });
    }
  }
  for (const place of resultPlaces(run.result)) look(null, "result ", place);
  return found;
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
function isAlike({ name, place }: AnswerValue, { name: other }: RequestValue): boolean {
  const path = /"(.*)"/.exec(place)?.[1] ?? "";
  const known = new Set(words(`${name} ${path}`).split(" "));
  return words(other).split(" ").some((word) => word !== "x" && known.has(word));
}
