/**
 * Zips: traces of Playwright, whose network log has HAR entries with their bodies in files of their own, and
 * bundles of HAR or JSON files, each an exchange or more.
 */
import { isRecord, parseJson } from "../../base/json.ts";
import { InputProblem } from "../input_error.ts";
import type { ForeignSource } from "./foreign_source.ts";
import { readJsonSource } from "./json_sources.ts";
import { filesInZip, type Inside } from "./zip.ts";

type Fields = Readonly<Record<string, unknown>>;

/** @throws {InputProblem} for a zip that is damaged or holds no recording. */
export function readZip(bytes: Uint8Array): ForeignSource {
  const files = filesInZip(bytes);
  const networks = files.filter(({ name }) => /\.network$/.test(name));
  if (networks.length > 0) return playwright(networks, files);
  const bundled = files.filter(({ name }) => /\.(?:har|json)$/i.test(name))
    .sort((a, b) => a.name < b.name ? -1 : 1).flatMap(entriesIn);
  if (bundled.length > 0) return { creator: "bundle of exchanges", entries: bundled, lacks: [] };
  throw new InputProblem(
    "",
    "the zip holds neither a Playwright trace nor exchanges",
    "Give a trace.zip of Playwright, or a zip of HAR or JSON files",
  );
}

function playwright(networks: readonly Inside[], files: readonly Inside[]): ForeignSource {
  const bodies = new Map(files.map((file) => [file.name, file]));
  const entries = networks.flatMap((file) => linesOf(file)).flatMap((line) => {
    const event = parseJson(line);
    if (!isRecord(event) || event["type"] !== "resource-snapshot") return [];
    return isRecord(event["snapshot"]) ? [withBodies(event["snapshot"], bodies)] : [];
  });
  return {
    creator: "Playwright trace",
    entries,
    lacks: ["cookies that only the browser's network process knows"],
  };
}

function withBodies(snapshot: Fields, bodies: ReadonlyMap<string, Inside>): Fields {
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

/** `_sha1` names the file under `resources/`. */
function withBody(holder: Fields, bodies: ReadonlyMap<string, Inside>): Fields {
  const file = bodies.get(`resources/${String(holder["_sha1"] ?? holder["_file"])}`);
  return file === undefined
    ? holder
    : { ...holder, text: file.read().toBase64(), encoding: "base64" };
}

function entriesIn(file: Inside): readonly unknown[] {
  const text = new TextDecoder().decode(file.read());
  const json = parseJson(text);
  const log = isRecord(json) ? json["log"] : undefined;
  if (isRecord(log) && Array.isArray(log["entries"])) return log["entries"];
  return readJsonSource(text)?.entries ?? [];
}

function linesOf(file: Inside): string[] {
  return new TextDecoder().decode(file.read()).split("\n").filter((line) => line !== "");
}
