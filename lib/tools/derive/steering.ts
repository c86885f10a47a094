/**
 * Parameters that steer an answer, such as `page` and `sort`, and that some reading request of the app does
 * without: where one list works without them, the others are taken to do so, too.
 */
import { isRecord } from "../../base/json.ts";
import { words } from "../../http/vocabulary.ts";
import type { Sample } from "./sample.ts";

/** Those that servers have a default for: pages, order, and how much of each item is answered. */
const DEFAULTED =
  /\b(page|per ?page|page ?size|limit|offset|start|count|size|take|skip|top|sort|sort ?by|order|order ?by|direction|dir|include|includes|expand|embed|fields)\b/;

/** What a call reads, by the first or last word of its name: `ticket.search`, `listTickets`, `/search`. */
const READING = /^(get|list|find|search|query|filter|fetch|read|lookup|browse)$/;

/** Where a request carries what it is asked with. */
interface Asked {
  readonly place: "query" | "body" | "params" | "variables";
  readonly names: readonly string[];
}

export function steeringNames(samples: readonly Sample[]): ReadonlySet<string> {
  const asked = samples.filter(isReading).flatMap(askedWith);
  const names = new Set(asked.flatMap((one) => one.names));
  const without = (name: string) =>
    asked.some((one) =>
      !one.names.includes(name) &&
      asked.some((other) => other.place === one.place && other.names.includes(name))
    );
  return new Set([...names].filter((name) => DEFAULTED.test(words(name)) && without(name)));
}

/** Whether the request asks for something, as far as its method or its name says. */
export function isReading({ method, call, segments }: Sample): boolean {
  if (method === "GET" || method === "QUERY") return true;
  if (call?.kind === "graphql") return call.type === "query";
  const name = call?.name ?? segments.findLast((segment) => segment !== "") ?? "";
  const said = words(name).split(/[ ./_-]+/);
  return [said[0], said.at(-1)].some((word) => word !== undefined && READING.test(word));
}

function askedWith({ query, body, call }: Sample): Asked[] {
  const ofQuery: Asked = { place: "query", names: query.map(([name]) => name) };
  if (call?.kind === "graphql") return [{ place: "variables", names: Object.keys(call.variables) }];
  if (call?.kind === "json-rpc") {
    const { params = {} } = call;
    return isRecord(params) ? [{ place: "params", names: Object.keys(params) }] : [];
  }
  return body.kind === "json" && isRecord(body.value)
    ? [ofQuery, { place: "body", names: Object.keys(body.value) }]
    : [ofQuery];
}
