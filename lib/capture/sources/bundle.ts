/**
 * Many files that are one recording, in a zip or in a folder: a trace of Playwright, whose network log has HAR
 * entries with their bodies in files of their own; a bundle of exchanges, such as Spectral's; command lines,
 * collections and HARs, one after another in the order of their names.
 */
import { isRecord, parseJson } from "../../base/json.ts";
import { InputProblem } from "../input_error.ts";
import { asUtf8, isGzip, unpackedGzip } from "../text_encoding.ts";
import { readBurp } from "./burp.ts";
import { type BodyFiles, exchangesIn, exchangeSource, lacksOf } from "./exchanges.ts";
import { readCurl } from "./curl.ts";
import type { ForeignSource } from "./foreign_source.ts";
import { readJsonSource, readYamlSource } from "./json_sources.ts";
import type { Inside } from "./zip.ts";

type Fields = Readonly<Record<string, unknown>>;
type FilesByName = ReadonlyMap<string, Inside>;

/** What a bundle may hold besides bodies; anything else is passed over. */
const READABLE =
  /\.(?:har|json|jsonl|ndjson|chlsj|xml|ya?ml|sh|bash|cmd|bat|ps1|curl|txt)(?:\.gz)?$/i;

/** True for a file that says what was recorded; the others are bodies, or of another kind. */
export function isOfBundle({ name }: Inside): boolean {
  return /\.network$/.test(name) || READABLE.test(name);
}

/** @throws {InputProblem} for files of which none is a recording; `what` names them: `zip`, `folder`. */
export function readBundle(files: readonly Inside[], what: "zip" | "folder"): ForeignSource {
  const byName: FilesByName = new Map(files.map((file) => [file.name, file]));
  const networks = files.filter(({ name }) => /\.network$/.test(name));
  if (networks.length > 0) return playwright(networks, byName);
  const sources = files.filter(({ name }) => READABLE.test(name))
    .toSorted((a, b) => naturally.compare(a.name, b.name))
    .flatMap((file) => sourceIn(file, byName) ?? []);
  if (sources.length > 0) return joined(sources);
  throw new InputProblem(
    "",
    `the ${what} holds neither a Playwright trace nor exchanges`,
    `Give a trace.zip of Playwright, or a ${what} of recordings, command lines or JSON files`,
  );
}

/** `2.json` before `10.json`. */
const naturally = new Intl.Collator("en", { numeric: true });

/** Sources one after another, as one. It lacks what any of them lacks; environments give collections their values. */
export function joined(given: readonly ForeignSource[]): ForeignSource {
  const values = new Map(given.flatMap((source) => [...source.values ?? []]));
  const sources = given.filter((source) => source.values === undefined)
    .map((source) => source.withValues?.(values) ?? source);
  if (sources.length <= 1) return sources[0] ?? given[0]!;
  const creators = new Set(sources.map(({ creator }) => creator));
  const [measured, said] = [true, false].map((wanted) =>
    sources.filter(({ isMeasured = false }) => isMeasured === wanted)
  ) as [ForeignSource[], ForeignSource[]];
  const lacks = [
    ...said.flatMap((source) => source.lacks),
    ...measured.length === 0 ? [] : lacksOf(measured.flatMap(({ entries }) => entries)),
  ];
  return {
    creator: creators.size === 1 ? [...creators][0]! : "bundle of exchanges",
    entries: sources.flatMap(({ entries }) => entries),
    lacks: [...new Set(lacks)],
  };
}

function sourceIn(file: Inside, files: FilesByName): ForeignSource | null {
  const bytes = file.read();
  const text = new TextDecoder().decode(asUtf8(isGzip(bytes) ? unpackedGzip(bytes) : bytes));
  if (/\.xml(?:\.gz)?$/i.test(file.name)) return readBurp(text);
  if (/\.ya?ml(?:\.gz)?$/i.test(file.name)) return readYamlSource(text);
  const bodies = bodiesBeside(file, files);
  if (!/^\s*[[{]/.test(text)) return readCurl(text, bodies);
  const json = parseJson(text);
  const log = isRecord(json) ? json["log"] : undefined;
  if (isRecord(log) && Array.isArray(log["entries"])) {
    const entries = log["entries"].map((entry) =>
      isRecord(entry) ? withBodies(entry, bodies) : entry
    );
    return exchangeSource(entries, "bundle of exchanges");
  }
  // A collection is told from exchanges by the reader of JSON; bodies in files beside it only exchanges have.
  const exchanges = exchangesIn(json, bodies);
  return exchanges.length > 0
    ? exchangeSource(exchanges, "bundle of exchanges")
    : readJsonSource(text);
}

function playwright(networks: readonly Inside[], files: FilesByName): ForeignSource {
  const entries = networks.flatMap((file) => {
    const bodies = bodiesBeside(file, files);
    return linesOf(file).flatMap((line) => {
      const event = parseJson(line);
      if (!isRecord(event) || event["type"] !== "resource-snapshot") return [];
      return isRecord(event["snapshot"]) ? [withBodies(event["snapshot"], bodies)] : [];
    });
  });
  return {
    creator: "Playwright trace",
    entries,
    lacks: ["cookies that only the browser's network process knows"],
  };
}

/** Bodies named from the file, from the root, or within `resources/` beside it. */
function bodiesBeside(file: Inside, files: FilesByName): BodyFiles {
  const folder = file.name.slice(0, file.name.lastIndexOf("/") + 1);
  return (name) => {
    const places = [folder + name, name, `${folder}resources/${name}`, `resources/${name}`];
    const place = places.find((one) => files.has(one));
    return place === undefined ? null : files.get(place)!.read();
  };
}

function withBodies(snapshot: Fields, bodies: BodyFiles): Fields {
  const request = isRecord(snapshot["request"]) ? snapshot["request"] : {};
  const response = isRecord(snapshot["response"]) ? snapshot["response"] : {};
  const postData = isRecord(request["postData"]) ? request["postData"] : null;
  const content = isRecord(response["content"]) ? response["content"] : {};
  return {
    ...snapshot,
    request: {
      ...request,
      ...postData === null ? {} : { postData: withBody(postData, bodies) },
    },
    response: { ...response, content: withBody(content, bodies) },
  };
}

/** `_sha1` or `_file` names the file. */
function withBody(holder: Fields, bodies: BodyFiles): Fields {
  const name = holder["_sha1"] ?? holder["_file"];
  const bytes = typeof name === "string" ? bodies(name) : null;
  return bytes === null ? holder : { ...holder, text: bytes.toBase64(), encoding: "base64" };
}

function linesOf(file: Inside): string[] {
  return new TextDecoder().decode(file.read()).split("\n").filter((line) => line !== "");
}
