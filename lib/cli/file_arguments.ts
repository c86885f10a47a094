/** `--file name=PATH`: files as arguments of a tool, read here so that no path goes any further. */
import { basename } from "node:path";
import { AppError } from "../base/error.ts";
import { isScalar } from "../base/exact_json.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";
import { typeByName } from "../base/type_by_name.ts";
import { readNamedFile } from "./read_input.ts";

/** A file as tools take it. */
export interface FileArgument {
  readonly base64: string;
  readonly filename: string;
  readonly type?: string;
}

/** @throws {AppError} `USAGE` for a text that is not name=path, `NOT_FOUND`, `BAD_INPUT`. */
export async function fileArguments(
  texts: readonly string[],
): Promise<Record<string, FileArgument | FileArgument[]>> {
  const files = new Map<string, FileArgument[]>();
  for (const text of texts) {
    const equals = text.indexOf("=");
    if (equals <= 0) throw new AppError("USAGE", `File "${text}" is not name=path`);
    const name = text.slice(0, equals);
    files.set(name, [...files.get(name) ?? [], await readFile(text.slice(equals + 1))]);
  }
  return Object.fromEntries(
    [...files].map(([name, list]) => [name, list.length === 1 ? list[0]! : list]),
  );
}

/** `PATH`, `PATH;type=image/png`, `PATH;filename=front.png;type=image/png`. */
export async function readFile(text: string): Promise<FileArgument> {
  const [path = "", ...pairs] = text.split(/;(?=(?:type|filename)=)/);
  const named = Object.fromEntries(pairs.map((pair) => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals), pair.slice(equals + 1).trim()];
  }));
  const bytes = await readNamedFile(path);
  const type = named["type"] ?? typeByName(path) ?? undefined;
  return {
    base64: bytes.toBase64(),
    filename: named["filename"] ?? basename(path),
    ...(type === undefined ? {} : { type }),
  };
}

/** A text that begins with `@`, as a file: as a text it would be taken for a path that nobody reads any more. */
export function textFile(text: string): Pick<FileArgument, "base64"> {
  return { base64: new TextEncoder().encode(text).toBase64() };
}

/** A value in which files are named: `{"file": "@PATH", "filename": …, "type": …}` at any depth. */
export async function readFilesIn(value: JsonValue): Promise<JsonValue> {
  if (Array.isArray(value)) return await Promise.all(value.map(readFilesIn));
  if (isScalar(value)) return value;
  const { file, ...others } = value as JsonObject;
  const isFile = typeof file === "string" && file.startsWith("@") &&
    Object.keys(others).every((key) => ["filename", "type"].includes(key));
  if (isFile && file.startsWith("@@")) return { ...textFile(file.slice(1)), ...others };
  if (isFile) return { ...await readFile(file.slice(1)), ...others };
  const members = Object.entries(value as JsonObject).map(async ([name, member]) => [
    name,
    await readFilesIn(member),
  ]);
  return Object.fromEntries(await Promise.all(members));
}
