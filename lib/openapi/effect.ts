/**
 * What an operation does to the data behind it, as the document says it: by extensions that generators and
 * gateways write, else by method and name. Pure.
 */
import { booleanAt, type Node } from "./reference.ts";

export interface Effect {
  /** Calls change nothing. */
  readonly safe: boolean;
  /** A second equal call changes no more than the first. */
  readonly idempotent: boolean;
  /** Calls may change or remove what is there. */
  readonly destructive: boolean;
}

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS", "QUERY"];
const IDEMPOTENT_METHODS = [...SAFE_METHODS, "PUT", "DELETE"];

/** Operations that are sent by POST since what they ask for is too long for a URL. */
const ASKING = ["search", "query", "find", "filter", "lookup", "list", "count", "get", "fetch"];
/** A name with one of these does more than ask: `find_and_delete`. */
const CHANGING =
  /^(add|apply|approve|archive|cancel|change|clear|close|create|delete|disable|enable|execute|generate|import|insert|issue|mark|merge|move|patch|post|purge|put|register|remove|replace|reset|restore|revoke|run|save|send|set|start|stop|submit|sync|trigger|update|upload|upsert|write)$/;

export function effectOf(
  node: Node,
  { method, path, operationId }: {
    readonly method: string;
    readonly path: string;
    readonly operationId: string | null;
  },
): Effect {
  const said = (...names: string[]) =>
    names.map((name) => booleanAt(node, name)).find((value) =>
      value !== undefined && value !== null
    );
  const safe = said("x-read-only", "x-readonly", "x-safe") ??
    (SAFE_METHODS.includes(method) || method === "POST" && asks(operationId, path));
  const idempotent = said("x-idempotent") ?? (safe || IDEMPOTENT_METHODS.includes(method));
  return { safe, idempotent, destructive: !safe && (said("x-destructive") ?? true) };
}

/** By the operation's own name; by the end of its path where it has none. */
function asks(operationId: string | null, path: string): boolean {
  const segments = path.split("/").filter((segment) => !segment.includes("{"));
  const words = wordsOf(operationId ?? segments.at(-1) ?? "");
  const last = wordsOf(segments.at(-1) ?? "");
  if ([...words, ...last].some((word) => CHANGING.test(word))) return false;
  return ASKING.includes(words[0] ?? "") || ASKING.includes(last.at(-1) ?? "");
}

/** `searchIssuesV2`, `issues:search`, `search_issues` in words. */
function wordsOf(name: string): string[] {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
