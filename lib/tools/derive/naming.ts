/** Names of tools: a verb for the method and the nouns of the path, `get_note`, `list_user_notes`. */
import { isRecord } from "../../base/json.ts";
import { isPlural, singular, snakeCase } from "./nouns.ts";
import type { TemplatePart } from "./path_template.ts";
import type { Sample } from "./sample.ts";

const MAX_LENGTH = 64;

/** Words of a path that name the interface, not what it is about. */
const INTERFACE_WORDS =
  /^(api|apis|rest|restapi|json|jsonapi|ajax|services?|public|internal|web|app|index|v\d+\w*|\d+(\.\d+)*|wp-json|_?api)$/i;

/** Last words of paths that say what is done, not to what. */
const ACTION_WORDS =
  /^(search|find|query|filter|lookup|count|export|import|upload|download|preview|validate|check|send|cancel|archive|unarchive|restore|publish|unpublish|approve|reject|accept|decline|close|reopen|open|start|stop|pause|resume|run|execute|enable|disable|activate|deactivate|lock|unlock|share|unshare|copy|clone|duplicate|move|rename|merge|sync|refresh|reset|retry|test|apply|assign|unassign|complete|submit|confirm|like|unlike|follow|unfollow|star|unstar|vote|subscribe|unsubscribe|pin|unpin|mute|unmute|read|unread|add|remove|create|update|delete|edit|save|bulk|batch)$/i;

/** Names in order of preference, for one tool: the first that is still free is taken. */
export function nameCandidates(
  samples: readonly Sample[],
  parts: readonly TemplatePart[],
): string[] {
  const first = samples[0]!;
  if (first.call !== null) {
    const name = snakeCase(first.call.name);
    return name === "" ? ["call"] : [name];
  }
  const nouns = routeNouns(parts);
  const endsInParameter =
    parts.findLast(({ text, parameter }) => parameter !== null || text !== "")?.parameter !==
      undefined && lastPart(parts)?.parameter !== null;
  return verbs(first.method, samples, nouns, endsInParameter)
    .map((words) => words.filter((word) => word !== "").join("_"));
}

/** The first candidate that is free, cut to 64 characters, else with a number behind it. */
export function uniqueName(candidates: readonly string[], taken: ReadonlySet<string>): string {
  const cut = candidates.map((name) => name.slice(0, MAX_LENGTH).replace(/_+$/, ""));
  const free = cut.find((name) => name !== "" && !taken.has(name));
  if (free !== undefined) return free;
  const base = cut[0] === undefined || cut[0] === "" ? "call" : cut[0];
  for (let number = 2;; number++) {
    const end = `_${number}`;
    const name = base.slice(0, MAX_LENGTH - end.length) + end;
    if (!taken.has(name)) return name;
  }
}

interface Noun {
  readonly word: string;
  /** A parameter follows: the noun's member is meant. */
  readonly isMember: boolean;
}

function routeNouns(parts: readonly TemplatePart[]): Noun[] {
  const nouns: Noun[] = [];
  for (const [at, { text, parameter }] of parts.entries()) {
    if (parameter !== null || text === "" || INTERFACE_WORDS.test(text)) continue;
    const word = snakeCase(text.replace(/\.[a-z]{2,5}$/i, ""));
    if (word === "" || word === nouns.at(-1)?.word) continue;
    nouns.push({ word, isMember: parts[at + 1]?.parameter != null });
  }
  return nouns;
}

function lastPart(parts: readonly TemplatePart[]): TemplatePart | undefined {
  return parts.findLast(({ text, parameter }) => parameter !== null || text !== "");
}

function verbs(
  method: string,
  samples: readonly Sample[],
  nouns: readonly Noun[],
  endsInParameter: boolean,
): string[][] {
  const owners = nouns.slice(0, -1).map(({ word }) => lastSingular(word));
  const last = nouns.at(-1)?.word ?? "";
  const one = lastSingular(last);
  const near = owners.slice(-1);
  const isAction = !endsInParameter && ACTION_WORDS.test(last) && nouns.length > 0;
  if (isAction) return actionNames(last, nouns, method);
  const paths = (verb: string, noun: string) => [
    [verb, ...(nouns.at(-2)?.isMember ? near : []), noun],
    [verb, ...near, noun],
    [verb, ...owners, noun],
  ];
  switch (method) {
    case "GET":
      return !endsInParameter && isListing(samples, last) ? paths("list", last) : paths("get", one);
    case "POST":
      return endsInParameter ? paths("post", one) : paths(createVerb(samples, last), one);
    case "PUT":
      return [...paths("update", one), ...paths("replace", one)];
    case "PATCH":
      return [...paths("update", one), ...paths("change", one)];
    case "DELETE":
      return paths("delete", !endsInParameter ? last : one);
    default:
      return paths(snakeCase(method), one);
  }
}

/** `/notes/{id}/archive` is `archive_note`; `/search` alone is `search`. */
function actionNames(action: string, nouns: readonly Noun[], method: string): string[][] {
  const target = nouns.at(-2);
  const object = target === undefined
    ? ""
    : target.isMember
    ? lastSingular(target.word)
    : target.word;
  return [[action, object], [snakeCase(method), action, object]];
}

/** A plural that was posted to, or an answer 201, made something; else it is only known that it was posted. */
function createVerb(samples: readonly Sample[], noun: string): string {
  return isPlural(noun) || samples.some(({ status }) => status === 201) ? "create" : "post";
}

/** An array, an object around one array of things, or a plural where the answer does not say. */
function isListing(samples: readonly Sample[], noun: string): boolean {
  const answers = samples.map(({ answer }) => answer).filter((answer) => answer.kind === "json");
  if (answers.length === 0) return isPlural(noun);
  return answers.some(({ value }) =>
    Array.isArray(value) ||
    (isPlural(noun) && isRecord(value) && Object.values(value).some(Array.isArray))
  );
}

/** `note_tags` is `note_tag`. */
function lastSingular(noun: string): string {
  const at = noun.lastIndexOf("_") + 1;
  return noun.slice(0, at) + singular(noun.slice(at));
}
