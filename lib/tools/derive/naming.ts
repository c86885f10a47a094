/** Names of tools: a verb for the method and the nouns of the path, `get_note`, `list_user_notes`. */
import { isRecord } from "../../base/json.ts";
import { isStreamType } from "../../http/event_stream.ts";
import { quotedName } from "./describe.ts";
import { meantMethod } from "./client_constants.ts";
import { isPlural, plural, singular, snakeCase } from "./nouns.ts";
import { isActionPhrase, READING_WORDS } from "./action_words.ts";
import { type TemplatePart, templateText } from "./path_template.ts";
import type { Sample } from "./sample.ts";
import { treeNames } from "./tree_names.ts";
import { trimEndOf } from "../../base/trim.ts";

const MAX_LENGTH = 64;

/** Samples of one tool, and the template of their path. */
export interface ToolGroup {
  readonly samples: readonly Sample[];
  readonly parts: readonly TemplatePart[];
}

/** Words of a path that name the interface, not what it is about. */
const INTERFACE_WORDS =
  /^(apis?|rest|restapi|jsonapi|ajax|services?|public|internal|web|app|index|v\d+\w*|\d+(\.\d+)*|(.*[-_])?(api|json))$/i;

function collectionsIn(parts: readonly TemplatePart[]): string[] {
  return parts.flatMap(({ parameter }, at) =>
    parameter === null ? [] : [templateText(parts.slice(0, at))]
  );
}

/** What the names of one origin's tools depend on together. */
export interface NamingContext {
  /** The paths that have members: `/notes` when there is `/notes/{note_id}`. */
  readonly collections: ReadonlySet<string>;
  /** How many segments at the start of every path say where the API is, not what it is about. */
  readonly mountDepth: number;
}

/** `groups`: all of one origin. */
export function namingContext(groups: readonly ToolGroup[]): NamingContext {
  const paths = groups.map(({ parts }) => parts);
  const [first = []] = paths;
  const isMount = (at: number) =>
    paths.every((parts) =>
      parts.length > at + 1 && parts[at]!.parameter === null &&
      parts[at]!.text === first[at]!.text &&
      parts[at + 1]!.parameter === null && parts[at + 1]!.text !== ""
    );
  let mountDepth = 0;
  while (mountDepth < first.length && isMount(mountDepth)) mountDepth++;
  return { collections: new Set(paths.flatMap(collectionsIn)), mountDepth };
}

/** Names in order of preference, for one tool: the first that is still free is taken. */
export function nameCandidates(
  { samples, parts }: ToolGroup,
  { collections, mountDepth }: NamingContext,
): string[] {
  const { call } = samples[0]!;
  const method = meantMethod(samples[0]!) ?? samples[0]!.method;
  if (call !== null) {
    const name = quotedName(call.name) === "" ? "" : snakeCase(call.name);
    return name === "" ? ["call"] : [name, `${snakeCase(method)}_${name}`];
  }
  const procedure = procedureOf(parts);
  if (procedure !== null) return [procedure, `${snakeCase(method)}_${procedure}`];
  const about = routeNouns(parts.slice(mountDepth));
  if (parts.at(-1)?.parameter?.isRest) {
    const owners = routeNouns(parts).map(({ word }) => lastSingular(word));
    return treeNames(method, snakeCase(method), owners).map((words) => words.join("_"));
  }
  const isBare = about.length === 1 && isQualifier(about[0]!.word);
  const nouns = isBare ? routeNouns(parts) : about;
  const ends = parts.findLast(({ text, parameter }) => parameter !== null || text !== "");
  const place: Place = {
    method,
    nouns,
    endsInParameter: ends?.parameter != null && !ends.suffix.startsWith(":"),
    isCollection: collections.has(templateText(parts).replace(/(.)\/$/, "$1")),
  };
  return candidates(place, samples).map((words) => words.filter((word) => word !== "").join("_"));
}

/** The form or the program that a path ends in, no part of what it is about. */
const EXTENSION =
  /\.(json|xml|csv|tsv|txt|x?html?|php\d?|jspx?|aspx?|ashx|asmx|svc|cgi|pl|py|rb|do|action|cfm|dll|ics|vcf|pdf|rss|atom|js|ya?ml|md)$/i;

/** `/api/users.list`: the path ends in what is done, to what. */
function procedureOf(parts: readonly TemplatePart[]): string | null {
  const last = parts.findLast(({ parameter, text }) => parameter !== null || text !== "");
  const text = last?.parameter === null ? last.text.replace(EXTENSION, "") : "";
  return /^[a-z][\w-]*(?:\.[a-z][\w-]*){1,3}$/i.test(text) ? snakeCase(text) : null;
}

/** The first candidate that is free, cut to 64 characters, else with a number behind it. */
export function uniqueName(candidates: readonly string[], taken: ReadonlySet<string>): string {
  const cut = candidates.map((name) => trimEndOf(name.slice(0, MAX_LENGTH), "_"));
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

interface Place {
  readonly method: string;
  readonly nouns: readonly Noun[];
  readonly endsInParameter: boolean;
  readonly isCollection: boolean;
}

/**
 * The words of a path that are about something; the last of all words when none is. A word behind a
 * colon is one by itself: `/operations/{operation_id}:cancel`.
 */
function routeNouns(parts: readonly TemplatePart[]): Noun[] {
  const all = parts.flatMap(({ text, parameter, suffix }, at) =>
    (parameter === null ? text.split(":") : [suffix.startsWith(":") ? suffix.slice(1) : ""])
      .map((word) => ({
        text: word,
        word: snakeCase(word.replace(EXTENSION, "")),
        isMember: parts[at + 1]?.parameter != null,
      }))
  ).filter(({ word }) => word !== "");
  const about = all.filter(({ text }) => !INTERFACE_WORDS.test(text));
  const nouns = about.length === 0 ? all.slice(-1) : about;
  return nouns.filter(({ word }, at) => word !== nouns[at + 1]?.word);
}

function candidates(place: Place, samples: readonly Sample[]): string[][] {
  const { method, nouns, endsInParameter, isCollection } = place;
  const last = nouns.at(-1)?.word ?? "root";
  const one = lastSingular(last);
  const several = lastPlural(last);
  if (!endsInParameter && isActionPhrase(last)) return actionNames(last, nouns, method);
  if (method === "GET" && samples.every(({ answerType }) => isStreamType(answerType))) {
    return phrases(nouns, ["watch"], endsInParameter ? one : last);
  }
  const qualified = qualifiedNames(place, samples);
  if (qualified !== null) return qualified;
  if (endsInParameter) return phrases(nouns, MEMBER_VERBS[method] ?? [snakeCase(method)], one);
  switch (method) {
    case "GET":
      return isCollection || isListing(samples, last)
        ? phrases(nouns, ["list"], several)
        : phrases(nouns, ["get"], last);
    case "POST": {
      const creates = isCollection || isPlural(last) ||
        samples.some(({ status }) => status === 201);
      return phrases(nouns, [creates ? "create" : "post"], creates ? one : last);
    }
    case "DELETE":
      return phrases(nouns, ["delete"], last);
    default:
      return phrases(nouns, MEMBER_VERBS[method] ?? [snakeCase(method)], last);
  }
}

/** Words that say which form of a collection is meant, or which of its members. */
const WHICH_FORM =
  /^(raw|full|flat|all|latest|recent|active|archived|popular|featured|mine|own|shared|starred|favou?rites|public|private|trash(ed)?|deleted|hidden|open|closed|new|top|daily|weekly|monthly|yearly|hourly)$/;
const WHICH_MEMBER = /^(default|current|active|selected|latest|own|mine|self|first|last)$/;

/** A word that says nothing without the one before it, even where all paths begin with that. */
function isQualifier(word: string): boolean {
  return WHICH_FORM.test(word) || WHICH_MEMBER.test(word);
}

/** `GET /features/raw` is `list_features_raw`, `GET /projects/default` is `get_project`; `null` for others. */
function qualifiedNames({ method, nouns }: Place, samples: readonly Sample[]): string[][] | null {
  const [owner, last] = [nouns.at(-2), nouns.at(-1)];
  if (method !== "GET" || owner === undefined || last === undefined) return null;
  const isListed = isListing(samples, owner.word) || isListing(samples, last.word);
  if (isListed && WHICH_FORM.test(last.word)) return [["list", lastPlural(owner.word), last.word]];
  if (isListed || !WHICH_MEMBER.test(last.word)) return null;
  const one = lastSingular(owner.word);
  return owner.isMember ? null : [["get", one], ["get", last.word, one]];
}

const MEMBER_VERBS: Readonly<Record<string, readonly string[]>> = {
  GET: ["get"],
  POST: ["post"],
  PUT: ["update", "replace"],
  PATCH: ["update", "change"],
  DELETE: ["delete"],
};

/** Verb and noun, with as many owners before the noun as it takes to be free. */
function phrases(nouns: readonly Noun[], verbs: readonly string[], noun: string): string[][] {
  const owners = nouns.slice(0, -1).map(({ word }) => lastSingular(word));
  const near = owners.slice(-1);
  const owned = nouns.at(-2)?.isMember ? near : [];
  return verbs.flatMap((verb) => [
    [verb, ...owned, noun],
    [verb, ...near, noun],
    [verb, ...owners, noun],
  ]);
}

/** `POST /notes/{id}/archive` is `archive_note`, `GET /search` is `search`, `GET /notes/new` stays a page. */
function actionNames(action: string, nouns: readonly Noun[], method: string): string[][] {
  const target = nouns.at(-2);
  const object = target === undefined || action.includes("_")
    ? ""
    : target.isMember || !READING_WORDS.includes(action)
    ? lastSingular(target.word)
    : target.word;
  const isReading = READING_WORDS.includes(action.split("_", 1)[0]!);
  const verb = snakeCase(method);
  if (method === "GET" && !isReading) return [[verb, action, object]];
  return [[action === "new" ? "create" : action, object], [verb, action, object]];
}

const LIST_MEMBERS =
  /^(data|items?|results?|records?|rows?|entries|list|hits|values|content|nodes|edges|collection|objects|_embedded)$/i;

/** An array, or an object around one: under the noun itself or a customary name. */
function isListing(samples: readonly Sample[], noun: string): boolean {
  return samples.some(({ answer }) => {
    if (answer.kind !== "json") return false;
    if (Array.isArray(answer.value)) return true;
    return isRecord(answer.value) &&
      Object.entries(answer.value).some(([name, member]) =>
        Array.isArray(member) && (LIST_MEMBERS.test(name) || snakeCase(name) === noun)
      );
  });
}

/** `note_tags` is `note_tag`. */
function lastSingular(noun: string): string {
  const at = noun.lastIndexOf("_") + 1;
  return noun.slice(0, at) + singular(noun.slice(at));
}

function lastPlural(noun: string): string {
  const at = noun.lastIndexOf("_") + 1;
  return noun.slice(0, at) + plural(noun.slice(at));
}
