/**
 * Files among the arguments of a call, as JSON: a text, or an object that names the bytes or the text, the file's
 * name and its type. Paths are no part of it: only the shell reads files, before a call is made.
 */
import { AppError } from "../base/error.ts";
import { isRecord, type JsonValue } from "../base/json.ts";
import { base64DecodeBytes } from "../http/base64.ts";

export interface FileValue {
  readonly bytes: Uint8Array;
  readonly fileName: string | null;
  /** `null` when the caller did not say. */
  readonly contentType: string | null;
}

/** One line that can hardly be meant as the content of a file: `@/tmp/a.pdf`, `@~/a b.pdf`, `@C:\a.pdf`. */
const A_PATH = /^@(?:\/|\.{1,2}\/|~\/|[A-Za-z]:[\\/])[^\n]*$/;

const MEMBERS = ["base64", "file", "filename", "type", "content_type"];

/**
 * True for an object in the shape of `PART_SCHEMA`. One of `file` alone may as well be data, so it takes a
 * name or a type beside it, or a path: as data `{"file": "@/tmp/a.pdf"}` would look like an upload that succeeded.
 */
export function isFileObject(value: JsonValue): boolean {
  if (!hasFileMembers(value)) return false;
  return typeof value.base64 === "string" ||
    Object.hasOwn(value, "file") && (Object.keys(value).length > 1 || isPath(value.file));
}

function isPath(file: JsonValue | undefined): boolean {
  return typeof file === "string" && A_PATH.test(file);
}

/** True for an object that stands for a file where one is wanted: one of `file` alone, too. */
export function isWantedFile(value: JsonValue): boolean {
  return hasFileMembers(value) && (isFileObject(value) || Object.hasOwn(value, "file"));
}

function hasFileMembers(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return isRecord(value) && Object.keys(value).every((key) => MEMBERS.includes(key));
}

/**
 * The file a value stands for.
 *
 * @throws {AppError} `USAGE` naming the argument when it is not a file, its base64 is malformed, or it is a path.
 */
export function fileValue(value: JsonValue, argument: string): FileValue {
  if (typeof value === "string") {
    if (isPath(value)) throw onlyShellReads(argument);
    return { bytes: utf8(value), fileName: null, contentType: null };
  }
  const object = isRecord(value) ? value as Readonly<Record<string, JsonValue>> : {};
  const bytes = bytesOf(object, argument);
  if (bytes === undefined) {
    throw new AppError("USAGE", `The argument "${argument}" is not valid: it must be a file`, {
      hint: `Give a text, or { "base64": "…", "filename": "…", "type": "…" }`,
      details: { argument },
    });
  }
  const { filename, type = object.content_type } = object;
  return {
    bytes,
    fileName: typeof filename === "string" ? filename : null,
    contentType: typeof type === "string" ? type : null,
  };
}

function bytesOf(
  { base64, file }: Readonly<Record<string, JsonValue>>,
  argument: string,
): Uint8Array | undefined {
  if (typeof base64 === "string") return base64DecodeBytes(base64);
  if (typeof file !== "string") return file === undefined ? undefined : utf8(JSON.stringify(file));
  if (/^@[^\s@][^\n]*$/.test(file)) throw onlyShellReads(argument);
  return utf8(file);
}

/** Sent as it is, it would be an upload of a dozen bytes that looks like a success. */
function onlyShellReads(argument: string): AppError {
  const problem = "it names a path, and only the shell reads files";
  return new AppError("USAGE", `The argument "${argument}" is not valid: ${problem}`, {
    hint: `Give the bytes: { "base64": "…", "filename": "…", "type": "…" }; a text that begins ` +
      `with "@" in base64, too`,
    details: { argument },
  });
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
