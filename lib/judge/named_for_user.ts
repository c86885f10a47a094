/**
 * Names of headers that hold the name of who logged in (`X-Ticket-ann`). A script writes them down; for another
 * person they are called otherwise, unless the word is the application's own.
 */
import { ownerOf, words } from "../http/vocabulary.ts";
import { carriedBy } from "./carried_values.ts";
import type { Evidence } from "./evidence.ts";
import { type Finding, objection, unsettled } from "./finding.ts";
import type { ScriptCase } from "./script_case.ts";

/** Shorter names are words by chance. In characters. */
const MIN_NAME = 3;

/** @rule off: [] */
export function namedForUser({ runs, typed, firstTyped, evidence, others }: ScriptCase): Finding[] {
  const users = new Set(
    typed.filter(({ role, value }) => role === "user" && value.length >= MIN_NAME)
      .map(({ value }) => value.toLowerCase()),
  );
  const known = new Set([
    ...headerNames(evidence, firstTyped),
    ...others.flatMap((other) => headerNames(other)),
  ]);
  return carriedBy(runs.first).flatMap(({ trace, values }) =>
    values.filter(({ kind, name }) =>
      kind === "header" && !known.has(name.toLowerCase()) &&
      words(name).split(" ").some((word) => users.has(word) && ownerOf(word) === "free")
    ).map(({ where }) =>
      others.length > 0
        ? objection({ trace, where }, "is called after the user, and in no other recording so")
        : unsettled(
          { trace, where },
          "constant",
          "its name holds the user's name, perhaps by chance",
        )
    )
  );
}

/** Of the requests before the given one, in lower case. */
function headerNames({ traces }: Evidence, end = traces.length): string[] {
  return traces.slice(0, end).flatMap(({ request }) =>
    request.headers.map(([name]) => name.toLowerCase())
  );
}
