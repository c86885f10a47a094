/**
 * Recorded values that a run still carries although its own answers never held them: the script has
 * copied them. In a replay every issued value is another one, so there is no other way to have it.
 */
import { headerValue } from "../http/headers.ts";
import { bodyText } from "../http/body.ts";
import type { HttpResponse } from "../http/exchange.ts";
import type { Evidence, Issued } from "./evidence.ts";
import { openText } from "./open_text.ts";
import { requestValues } from "./request_values.ts";
import type { Objection, ScriptRun } from "./run.ts";

/** Shorter values are looked for as whole texts only: `42a` stands in too much else. */
const MIN_WITHIN = 8;

export function copiedValues(run: ScriptRun, evidence: Evidence): Objection[] {
  const search = new IssuedSearch(evidence);
  const held: string[] = [...run.answers];
  const objections: Objection[] = [];
  for (const { request, trace, answer } of run.sent) {
    for (const { where, value } of requestValues(request)) {
      for (const issued of search.within(value, held)) {
        objections.push(copied(trace, where, issued));
      }
    }
    held.push(textOf(answer));
  }
  for (const [where, value] of resultValues(run)) {
    for (const issued of search.within(value, held)) objections.push(copied(null, where, issued));
  }
  return objections;
}

/** What the result holds, cookie by cookie. */
function resultValues({ result }: ScriptRun): (readonly [where: string, value: string])[] {
  if (result === null) return [];
  const { headers, parameters } = result;
  const request = {
    method: "GET",
    url: "http://result.invalid/",
    headers: Object.entries(headers),
    body: null,
  };
  return [
    ...requestValues(request).filter(({ kind }) => kind !== "path")
      .map(({ where, value }) => [`result ${where}`, value] as const),
    ...parameters.map(([name, value]) => [`result parameter "${name}"`, value] as const),
  ];
}

function copied(trace: string | null, where: string, issued: Issued): Objection {
  return {
    trace,
    where,
    problem:
      `holds a recorded value, to be taken from the answer of ${issued.trace}, ${issued.place}`,
  };
}

class IssuedSearch {
  readonly #evidence: Evidence;
  readonly #long: readonly Issued[];

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    this.#long = [...evidence.issued.values()].filter(({ value }) => value.length >= MIN_WITHIN);
  }

  /** The recorded values in a text, without those that the run was given. */
  within(text: string, held: readonly string[]): Issued[] {
    const found = new Set<Issued>();
    const look = (part: string, issued: Issued | undefined) => {
      if (issued === undefined || this.#evidence.excuseWithin(part, issued) !== null) return;
      if (!held.some((given) => holds(given, issued.value))) found.add(issued);
    };
    for (const part of openText(text)) {
      look(part, this.#evidence.issued.get(part));
      for (const issued of this.#long) {
        if (issued.value.length < part.length && part.includes(issued.value)) look(part, issued);
      }
    }
    return [...found];
  }
}

/** An answer as text: headers and body, as they are and decoded. */
function textOf({ headers, body }: HttpResponse): string {
  const text = body === null ? "" : bodyText(headers, body);
  const location = headerValue(headers, "location") ?? "";
  return [...headers.map(([, value]) => value), ...openText(location), ...openText(text)].join(
    "\n",
  );
}

function holds(text: string, value: string): boolean {
  const forms = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)];
  return forms.some((form) => text.includes(form));
}
