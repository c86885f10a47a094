/** What the recorded login pages offer to choose from: a domain, a site, a role (HTML standard section 4.10.7). */
import { bodyText, parseBody } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { parseHtml } from "../http/html.ts";

const known = new WeakMap<readonly Trace[], ReadonlyMap<string, readonly string[]>>();

/** By the name of the list, of pages with a box for a password. */
export function shownChoices(traces: readonly Trace[]): ReadonlyMap<string, readonly string[]> {
  const done = known.get(traces) ?? choicesIn(traces);
  known.set(traces, done);
  return done;
}

function choicesIn(traces: readonly Trace[]): Map<string, readonly string[]> {
  const choices = new Map<string, readonly string[]>();
  for (const { response } of traces) {
    if (!response?.body) continue;
    const text = bodyText(response.headers, response.body);
    if (!/<select/i.test(text) || !/type\s{0,9}=\s{0,9}["']?password/i.test(text)) continue;
    if (parseBody(response.headers, response.body).kind !== "html") continue;
    for (const { name, options } of parseHtml(text).choices) {
      choices.set(name, options.filter((option) => option !== ""));
    }
  }
  return choices;
}
