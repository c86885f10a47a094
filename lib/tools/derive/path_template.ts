/**
 * Path templates: which segments of an origin's paths are arguments.
 *
 * Segments are looked at from the left, each among those that follow the same prefix. A segment is an
 * argument when it looks like a value (`segment_kind.ts`), when it is what the user typed to log in,
 * when the data named it first (`GET /tags` lists `home`, then `GET /tags/home`), when pages link to its like, or
 * when siblings with answers of one shape are all known from the data. Every other word stays. What follows in a
 * tree of WebDAV is one argument.
 */
import type { JsonSchema } from "../../base/json.ts";
import { type DataIndex, sameShape, shapeOf } from "./evidence.ts";
import { words } from "../../http/vocabulary.ts";
import type { LinkedIds } from "./linked_ids.ts";
import { isPlural, memberName } from "./nouns.ts";
import type { Sample } from "./sample.ts";
import { inferTextSchema } from "./schema_infer.ts";
import { treeDepths } from "./dav_tree.ts";
import { isVersionNumber, segmentKind, splitSegment } from "./segment_kind.ts";
import type { UserNames } from "./user_names.ts";

export interface PathParameter {
  readonly name: string;
  readonly schema: JsonSchema;
  /** The route word before it; `undefined` at the start of the path. */
  readonly behind: string | undefined;
  /** Who was logged in. */
  readonly isUser?: boolean;
  /** All that follows in the path, its slashes included. */
  readonly isRest?: boolean;
}

export interface TemplatePart {
  /** Percent-encoded as it was recorded; around a parameter only a sign or a file extension. */
  readonly text: string;
  readonly parameter: PathParameter | null;
  readonly suffix: string;
}

/** What is known of the whole app. */
export interface KnownValues {
  readonly data: DataIndex;
  readonly linked: LinkedIds;
  readonly personal: UserNames;
}

/** The template of each sample's path. All samples are of one origin. */
export function pathTemplates(
  samples: readonly Sample[],
  known: KnownValues,
): Map<Sample, readonly TemplatePart[]> {
  const templates = new Map<Sample, TemplatePart[]>(samples.map((sample) => [sample, []]));
  const trees = treeDepths(samples, known.personal);
  const walk = (group: readonly Sample[], at: number): void => {
    const longer = group.filter(({ segments }) => segments.length > at);
    const [ends = [], open = []] = [true, false].map((ends) =>
      longer.filter((sample) => (trees.get(sample) === at) === ends)
    );
    for (const sample of ends) templates.get(sample)!.push(restPart(templates.get(sample)!));
    if (open.length === 0) return;
    for (const branch of branches(open, at, known)) {
      const part = (one: Sample) => templatePart(one, at, branch, templates.get(one)!, known);
      const parts = branch.isParameter ? sharedPart(branch.samples, part) : part;
      for (const sample of branch.samples) templates.get(sample)!.push(parts(sample));
      walk(branch.samples, at + 1);
    }
  };
  walk(samples, 0);
  return templates;
}

/** `/users/{user_id}/notes`, `/dav/files/{+path}` (RFC 6570 section 3.2.3). */
export function templateText(parts: readonly TemplatePart[]): string {
  return "/" +
    parts.map(({ text, parameter, suffix }) =>
      parameter === null
        ? text
        : `${text}{${parameter.isRest ? "+" : ""}${parameter.name}}${suffix}`
    ).join("/");
}

function restPart(before: readonly TemplatePart[]): TemplatePart {
  const schema: JsonSchema = { type: "string" };
  const parameter = { name: "path", schema, behind: routeWord(before), isRest: true };
  return { text: "", suffix: "", parameter };
}

function routeWord(before: readonly TemplatePart[]): string | undefined {
  return before.findLast(({ parameter, text }) => parameter === null && text !== "")?.text;
}

interface Branch {
  readonly isParameter: boolean;
  readonly samples: readonly Sample[];
}

/** Samples with the same route word, and samples whose segment is a value between the same signs. */
function branches(
  samples: readonly Sample[],
  at: number,
  known: KnownValues,
): Branch[] {
  const { data, personal } = known;
  const bySegment = Map.groupBy(samples, ({ segments }) => segments[at]!);
  // `/me/profile` and `/me/settings` are two things of one person, however alike their answers are.
  const varying = isOwn(samples[0]!, at) ? new Set<string>() : varyingWords(bySegment, at, data);
  const numbers = [...bySegment.keys()].filter((segment) => /^\d/.test(segment)).length;
  const found = new Map<string, Sample[]>();
  for (const [segment, members] of bySegment) {
    const user = aroundUser(segment, members, at, personal);
    const isParameter = user !== null || varying.has(segment) ||
      isValue(segment, members, { at, numbers, ...known });
    const { prefix, suffix } = user ?? splitSegment(segment);
    const kind = user === null ? "*" : "*user*";
    const key = isParameter ? `${kind}${prefix}*${suffix}` : `=${segment}`;
    const branch = found.get(key) ?? [];
    for (const member of members) branch.push(member);
    found.set(key, branch);
  }
  return [...found].map(([key, members]) => ({
    isParameter: key.startsWith("*"),
    samples: members,
  }));
}

function isValue(
  segment: string,
  samples: readonly Sample[],
  { at, numbers, data, linked, personal }: KnownValues & {
    readonly at: number;
    /** How many different segments here begin with a digit. */
    readonly numbers: number;
  },
): boolean {
  const { value } = splitSegment(segment);
  if (value === "") return false;
  // `/wp/v2/posts`: what stands before a version is a part of the API, whatever the user is called.
  const isNamespace = samples.every(({ segments }) => /^v\d+$/i.test(segments[at + 1] ?? ""));
  if (personal.has(value) || personal.isMailName(value)) return !isNamespace;
  const previous = samples[0]!.segments[at - 1];
  if (isVersionNumber(segment, previous) && numbers === 1) {
    // A version is followed by a route; an id may end the path.
    return samples.some(({ segments }) => segments.length === at + 1);
  }
  return segmentKind(value) !== null ||
    samples.some((sample) =>
      wasHandedOut(value, sample, at, data) ||
      linked.kindOf(sample, at) !== null && !isOwn(sample, at)
    );
}

/** Members by which data is addressed: `id`, `slug`, `user_name`, `project key`. */
const IDENTIFYING_KEY =
  /\b(id|uid|guid|key|code|name|slug|login|username|handle|alias|permalink|ref)$/;

/**
 * The data named this word before it stood in a path: the request's own body (`PUT /pages/home` with
 * `"slug": "home"`), or an earlier answer. Behind the root of an API stand routes, and so do plurals,
 * unless the collection itself listed them.
 */
function wasHandedOut(value: string, sample: Sample, at: number, data: DataIndex): boolean {
  const places = data.placesBefore(sample.index, value)
    .filter(({ key }) => IDENTIFYING_KEY.test(words(key)));
  if (places.some(({ index, side }) => side === "request" && index === sample.index)) return true;
  const [previous, next] = [sample.segments[at - 1], sample.segments[at + 1]];
  if (previous === undefined || isApiRoot(previous) || isOwn(sample, at)) return false;
  if (next !== undefined && /^v\d+$/i.test(next)) return false;
  const collection = sample.segments.slice(0, at).join("/");
  return places.some(({ path }) => path === collection || !isPlural(value));
}

/** Behind a word for whoever asks. */
function isOwn({ segments }: Sample, at: number): boolean {
  return /^(me|self|myself|my|mine|current|current[-_]?user|~)$/i.test(segments[at - 1] ?? "");
}

function isApiRoot(segment: string): boolean {
  return /^(|services?|ajax|v\d+\S*|\d+(\.\d+)?|(.*[-_])?(api|rest|json))$/i.test(segment);
}

/** Kinds of words told apart behind one prefix; a prefix with more of them is not a collection. */
const MAX_FAMILIES = 64;

interface Family {
  readonly keys: ReadonlySet<string>;
  readonly samples: readonly Sample[];
  readonly words: string[];
}

/** Words with a sibling whose answer has the same shape, both held by the same member of the data. */
function varyingWords(
  bySegment: ReadonlyMap<string, readonly Sample[]>,
  at: number,
  data: DataIndex,
): Set<string> {
  const families: Family[] = [];
  for (const [word, samples] of bySegment) {
    const keys = dataKeys(word, samples, data);
    if (word === "" || keys.size === 0) continue;
    const family = families.find((one) =>
      !one.keys.isDisjointFrom(keys) && areSiblings(one.samples, samples, at)
    );
    if (family !== undefined) family.words.push(word);
    else if (families.length < MAX_FAMILIES) families.push({ keys, samples, words: [word] });
  }
  return new Set(families.filter(({ words }) => words.length > 1).flatMap(({ words }) => words));
}

/** The members that held the word by the time it was asked for, the answer included. */
function dataKeys(word: string, samples: readonly Sample[], data: DataIndex): Set<string> {
  const { value } = splitSegment(word);
  return new Set(
    samples.flatMap(({ index }) => data.placesUpTo(index, value).map(({ key }) => key)),
  );
}

/** Some request to each, alike but for the word, was answered in the same shape. */
function areSiblings(some: readonly Sample[], others: readonly Sample[], at: number): boolean {
  return some.some((one) =>
    others.some((other) =>
      one.method === other.method && restOf(one, at) === restOf(other, at) &&
      one.answer.kind === "json" && other.answer.kind === "json" &&
      sameShape(shapeOf(one.answer.value), shapeOf(other.answer.value))
    )
  );
}

function restOf(sample: Sample, at: number): string {
  return sample.segments.slice(at + 1)
    .map((segment) => segmentKind(splitSegment(segment).value) ?? segment).join("/");
}

/** One parameter for all samples of a branch. */
function sharedPart(
  samples: readonly Sample[],
  part: (sample: Sample) => TemplatePart,
): () => TemplatePart {
  const shared = part(samples[0]!);
  return () => shared;
}

function templatePart(
  sample: Sample,
  at: number,
  branch: Branch,
  before: readonly TemplatePart[],
  { data, linked, personal }: KnownValues,
): TemplatePart {
  const raw = sample.url.pathname.slice(1).split("/")[at]!;
  if (!branch.isParameter) return { text: raw, parameter: null, suffix: "" };
  const user = aroundUser(sample.segments[at]!, branch.samples, at, personal);
  if (user !== null) return userPart(user, before);
  const values = branch.samples.map(({ segments }) => splitSegment(segments[at]!).value);
  const behind = routeWord(before);
  const taken = before.flatMap(({ parameter }) => parameter?.name ?? []);
  const { prefix, suffix } = splitSegment(sample.segments[at]!);
  const keys = branch.samples.flatMap(({ index }) => data.placesUpTo(index, values[0]!))
    .map(({ key }) => key);
  if (branch.samples.some((one) => linked.kindOf(one, at) === "id")) keys.push("id");
  return {
    text: prefix,
    suffix,
    parameter: {
      name: memberName(behind, kindOf(values), keys, taken),
      schema: prefix === "" ? inferTextSchema(values) : { type: "string" },
      behind,
    },
  };
}

/**
 * What stands around the name of who was logged in: `grace`, `~grace`, `grace-notes`, `grace.ics`; `null` for a
 * segment without it, and for what stands before a version.
 */
function aroundUser(
  segment: string,
  samples: readonly Sample[],
  at: number,
  personal: UserNames,
): { readonly prefix: string; readonly suffix: string } | null {
  if (samples.every(({ segments }) => /^v\d+$/i.test(segments[at + 1] ?? ""))) return null;
  return personal.around(segment);
}

function userPart(
  { prefix, suffix }: { readonly prefix: string; readonly suffix: string },
  before: readonly TemplatePart[],
): TemplatePart {
  const behind = routeWord(before);
  return {
    text: encodeURIComponent(prefix),
    suffix: encodeURIComponent(suffix),
    // Where a path names its user twice it is the same person.
    parameter: { name: "user", schema: { type: "string" }, behind, isUser: true },
  };
}

function kindOf(values: readonly string[]): ReturnType<typeof segmentKind> {
  const kinds = new Set(values.map(segmentKind));
  return kinds.size === 1 ? [...kinds][0]! : null;
}
