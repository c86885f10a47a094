/** What is known of a recording before any value of it is shown: what was typed, what is constant, who it is about. */
import { jsonValues } from "../codec/json_text.ts";
import { words } from "../http/vocabulary.ts";
import type { Input, LoginFlow } from "../correlate/flow.ts";
import { requestLeaves } from "../codec/request_leaves.ts";
import { applyTransform, type TransformOp } from "../codec/transforms.ts";
import { bodyText, parseBody } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { mediaType } from "../http/headers.ts";
import { EncodedText } from "../codec/encoded_text.ts";
import { flowConstants, partsOf } from "../replay/recorded_flow.ts";
import { parseUrl, pathSegments } from "../http/url.ts";
import { RecordedTexts } from "./recorded_texts.ts";
import { isHarmless } from "./vocabulary.ts";

/** Something a person typed: while recording, or at a prompt just now. */
export type Typed = Pick<Input, "kind"> & { readonly value: string };

/** What the user says was typed, under the label that was given to it. */
export interface Told extends Typed {
  readonly name: string;
}

export interface RecordedFacts {
  readonly typed: readonly Typed[];
  /** What is computed from typed values alone, with how: `sha256-hex`. */
  readonly derived: ReadonlyMap<string, { readonly op: TransformOp; readonly from: string }>;
  /** What the flow calls the same in every session. */
  readonly constants: ReadonlySet<string>;
  /** Whose the other texts are. */
  readonly texts: RecordedTexts;
  /** Names, addresses and the like, in the spellings that paths and names give them. */
  readonly personal: readonly EncodedText[];
  /** Segments of paths that the files named which everybody is served, or that lead to such a file. */
  readonly published: ReadonlySet<string>;
  /** What headers of the messages, and fields of the requests, are called, in lower case. */
  readonly names: ReadonlySet<string>;
  /** Start of the recording, milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
}

const UNARY_OPS: readonly TransformOp[] = [
  "base64",
  "base64url",
  "lower",
  "upper",
  "md5-hex",
  "md5-base64",
  "sha1-hex",
  "sha1-base64",
  "sha256-hex",
  "sha256-base64",
  "sha512-hex",
  "sha512-base64",
  "pkce-s256",
];

const PERSONAL_NAME =
  /\b(name|first|last|given|family|full|middle|nick|display|street|city|town|phone|mobile|mail|birth|birthday|birthdate|born|company|organi[sz]ation|employer|user|username|owner|person|contact|address|iban|card|ssn|tax)\b/;
/** Shorter words would be found in too much else. In UTF-16 units. */
const MIN_PERSONAL = 3;
const MAX_PERSONAL = 80;
const MAX_DEPTH = 11;

/** `flow` is `null` where correlation found none; `told` is what the user says was typed. */
export function recordedFacts(
  traces: readonly Trace[],
  flow: LoginFlow | null,
  hints: readonly Typed[],
): RecordedFacts {
  const typed = [...hints.map(toldOf), ...(flow?.inputs ?? []).map(typedOf)]
    .filter(({ value }) => value !== "");
  const personal = personalTexts(traces, typed);
  return {
    typed,
    texts: new RecordedTexts({
      traces,
      typed: typed.map(({ value }) => value),
      identifiers: typed.flatMap(({ kind, value }) => kind === "identifier" ? [value] : []),
      personal: (some) => personalTexts(some, typed).map(({ value }) => value),
    }),
    derived: derivedFrom(typed),
    constants: flow === null ? new Set() : constantsOf(flow, typed),
    personal,
    published: publishedSegments(traces),
    names: namesIn(traces),
    startedAtMs: traces[0]?.startedAtMs ?? 0,
  };
}

function namesIn(traces: readonly Trace[]): Set<string> {
  const names = traces.flatMap(({ request, response }) => [
    ...requestLeaves(request).flatMap(({ name }) => name.split(".")),
    ...[...request.headers, ...response?.headers ?? []].map(([name]) => name),
  ]);
  return new Set(names.map((name) => name.toLowerCase()));
}

/** A path that a script spells is the application's, whoever is logged in. */
function publishedSegments(traces: readonly Trace[]): Set<string> {
  // A picture may be somebody's, and be called so.
  const isAsset = ({ noise, response }: Trace) =>
    noise === "static-asset" && /javascript|css/.test(mediaType(response?.headers ?? []));
  const code = traces.filter(isAsset).map(({ response }) =>
    response?.body ? bodyText(response.headers, response.body) : ""
  ).join("\n");
  const segments = traces.flatMap((trace) => {
    const url = parseUrl(trace.request.url);
    return (url === null ? [] : pathSegments(url)).map((segment) => ({ trace, segment }));
  });
  const isSpelled = (segment: string) =>
    ["/", '"', "'", "`"].some((sign) => code.includes(sign + segment));
  return new Set(
    segments.filter(({ trace, segment }) =>
      segment !== "" && (isAsset(trace) || isSpelled(segment))
    )
      .map(({ segment }) => segment),
  );
}

/** Somebody typed it, whatever it is called. */
function toldOf({ kind, value }: Typed): Typed {
  return { kind: kind === "other" ? "identifier" : kind, value };
}

function typedOf({ kind, recorded }: Input): Typed {
  return { kind, value: recorded };
}

function constantsOf(flow: LoginFlow, typed: readonly Typed[]): Set<string> {
  const constants = flowConstants(partsOf(flow));
  for (const { value } of typed) constants.delete(value);
  return constants;
}

function derivedFrom(typed: readonly Typed[]): RecordedFacts["derived"] {
  const derived = new Map<string, { op: TransformOp; from: string }>();
  for (const { value } of typed) {
    for (const op of UNARY_OPS) {
      const result = applyTransform(op, [value]);
      if (result !== value && !derived.has(result)) derived.set(result, { op, from: value });
    }
  }
  return derived;
}

function personalTexts(traces: readonly Trace[], typed: readonly Typed[]): EncodedText[] {
  const found = new Set(typed.map(({ value }) => value).filter((value) => value.length >= 3));
  const note = (name: string, value: string) => {
    if (value.length < MIN_PERSONAL || value.length > MAX_PERSONAL) return;
    if (!PERSONAL_NAME.test(words(name)) || isHarmless(value) || !/\p{L}/u.test(value)) return;
    for (const spelling of spellings(value)) found.add(spelling);
  };
  for (const { request, response } of traces) {
    for (const { name, value } of requestLeaves(request)) note(name, value);
    const body = response === null ? null : parseBody(response.headers, response.body);
    if (body?.kind !== "json") continue;
    for (const [path, value] of jsonValues(body.value, { maxDepth: MAX_DEPTH })) {
      const name = path.findLast((key) => typeof key === "string") ?? "";
      if (typeof value === "string") note(name, value);
    }
  }
  return [...found].sort((a, b) => b.length - a.length).map((value) => new EncodedText(value));
}

/** `Jane Doe` is also `jane-doe`, `jane_doe`, `jane.doe` and `janedoe` in paths and names. */
function spellings(value: string): string[] {
  const parts = value.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((part) => part !== "");
  return [value, value.toLowerCase(), ...["-", "_", ".", ""].map((joint) => parts.join(joint))]
    .filter((spelling) => spelling.length >= MIN_PERSONAL && !isHarmless(spelling));
}
