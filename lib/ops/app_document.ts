/**
 * An app as one file, for others to use: script, proof, flow, tools, hosts, and the session of an invented
 * person on which the script is proven again. Nothing in it is about whoever recorded the app.
 */
import { isDateMs } from "../base/date_range.ts";
import { createHash } from "node:crypto";
import { AppError, messageOf } from "../base/error.ts";
import { type JsonValue, parseJson } from "../base/json.ts";
import { bodyText } from "../http/body.ts";
import type { Exchange, HeaderList, HttpResponse } from "../http/exchange.ts";
import { parseUrl } from "../http/url.ts";
import { type AuthRecord, validateAuthRecord } from "../token/auth_file.ts";
import {
  choiceField,
  field,
  isList,
  isListOf,
  isNullOr,
  isObject,
  isString,
  isTextPair,
  isTime,
  objectOf,
  textFields,
} from "../token/fields.ts";
import { type Findings, NO_FINDINGS } from "../correlate/finding.ts";
import { validateFindings } from "./invented_findings.ts";
import type { TypedField } from "../store/typed_field.ts";
import type { ToolDefinition } from "../tools/definition.ts";
import { validateTool } from "../tools/tool_file.ts";

/** What is known of the login, without the word of whoever exported it. */
export type ExportedFlow = Omit<AuthRecord, "consent" | "proof" | "learnt" | "scriptSha256">;

export interface AppDocument {
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly exportedAt: string;
  /** TypeScript. */
  readonly script: string;
  readonly proof: NonNullable<AuthRecord["proof"]>;
  readonly flow: ExportedFlow;
  readonly tools: readonly ToolDefinition[];
  /** In time order. */
  readonly replay: readonly Exchange[];
  /** What the invented person typed. */
  readonly typed: readonly TypedField[];
  /** What a model found out of the login, told of the invented session; empty for most. */
  readonly findings: Findings;
}

const FORMAT = "keysmith app";
const VERSION = 1;
const MEMBERS = [
  "format",
  "version",
  "name",
  "exportedAt",
  "script",
  "proof",
  "flow",
  "tools",
  "replay",
  "typed",
  "findings",
  "sha256",
] as const;

/** The file's text. */
export function writeDocument(document: AppDocument): string {
  const { findings, ...others } = document;
  const isFound = findings.values.length > 0 || findings.steps.length > 0;
  const content = {
    format: FORMAT,
    version: VERSION,
    ...others,
    ...(isFound ? { findings } : {}),
    replay: document.replay.map(writtenExchange),
  };
  return `${JSON.stringify({ ...content, sha256: digestOf(content) }, null, 2)}\n`;
}

/** @throws {AppError} `BAD_INPUT` naming what is wrong. */
export function readDocument(text: string, file: string): AppDocument {
  const value = parseJson(text);
  if (value === undefined) throw unreadable(file, "it is not JSON, or nested too deeply");
  try {
    return documentOf(value);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unreadable(file, messageOf(error));
  }
}

function documentOf(value: unknown): AppDocument {
  if (!isObject(value) || value["format"] !== FORMAT) {
    throw new TypeError("it is not an export of an app");
  }
  if (value["version"] !== VERSION) {
    throw new TypeError("it was written by another version of Keysmith");
  }
  const fields = objectOf(value, MEMBERS);
  const { sha256, ...content } = fields;
  if (sha256 !== digestOf(content)) throw new TypeError("it was changed after it was exported");
  const flow = objectOf(fields["flow"], FLOW_MEMBERS, `"flow"`);
  const { proof, consent: _, learnt: __, scriptSha256: ___, ...known } = validateAuthRecord({
    ...flow,
    proof: fields["proof"],
    consent: null,
    learnt: [],
    scriptSha256: "",
  });
  if (proof === null) throw new TypeError(`"proof" is missing`);
  return {
    ...textFields(fields, ["name", "exportedAt", "script"]),
    proof,
    flow: known,
    tools: field(fields, "tools", isList, "a list").map(validateTool),
    replay: field(fields, "replay", isList, "a list").map(exchangeOf),
    typed: field(fields, "typed", isList, "a list").map(typedOf),
    findings: fields["findings"] === undefined ? NO_FINDINGS : validateFindings(fields["findings"]),
  };
}

const FLOW_MEMBERS = [
  "hosts",
  "apiOrigins",
  "inputs",
  "refresh",
  "source",
  "probe",
  "moreProbes",
  "values",
  "steps",
  "watched",
] as const satisfies readonly (keyof ExportedFlow)[];

function digestOf(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

interface WrittenMessage {
  readonly headers: HeaderList;
  /** Text; `null` where there is none. */
  readonly body: string | null;
}

function writtenExchange({ startedAtMs, request, response }: Exchange): JsonValue {
  const { method, url } = request;
  return {
    startedAtMs,
    request: { method, url, ...written(request) },
    response: response === null ? null : { status: response.status, ...written(response) },
  } as unknown as JsonValue;
}

function written({ headers, body }: Pick<HttpResponse, "headers" | "body">): WrittenMessage {
  return { headers, body: body === null ? null : bodyText(headers, body) };
}

function exchangeOf(value: unknown): Exchange {
  const what = `an entry of "replay"`;
  const fields = objectOf(value, ["startedAtMs", "request", "response"], what);
  const request = objectOf(fields["request"], ["method", "url", "headers", "body"], what);
  const response = fields["response"] === null
    ? null
    : objectOf(fields["response"], ["status", "headers", "body"], what);
  const { method, url } = textFields(request, ["method", "url"]);
  if (!/^(https?|wss?):$/.test(parseUrl(url)?.protocol ?? "")) {
    throw new TypeError(`${what} has no address of the web`);
  }
  return {
    startedAtMs: field(fields, "startedAtMs", isMoment, MOMENT),
    request: { method, url, ...messageFrom(request) },
    response: response === null
      ? null
      : { status: field(response, "status", isTime, "an HTTP status"), ...messageFrom(response) },
  };
}

function messageFrom(fields: Readonly<Record<string, unknown>>) {
  const body = field(fields, "body", isNullOr(isString), "a text or null");
  return {
    headers: field(fields, "headers", isListOf(isTextPair), "a list of names and values"),
    body: body === null ? null : new TextEncoder().encode(body),
  };
}

function typedOf(value: unknown): TypedField {
  const fields = objectOf(value, ["kind", "name", "value", "filledBy", "atMs"], `"typed"`);
  return {
    ...textFields(fields, ["name", "value"]),
    kind: choiceField(fields, "kind", ["identifier", "password", "one-time-code"]),
    filledBy: choiceField(fields, "filledBy", ["person", "browser"]),
    atMs: field(fields, "atMs", isMoment, MOMENT),
  };
}

function unreadable(file: string, problem: string): AppError {
  return new AppError("BAD_INPUT", `Cannot import "${file}": ${problem}`, {
    hint: "Ask for the file anew, as keysmith app export wrote it",
    details: { file },
  });
}

const MOMENT = "a time in milliseconds since 1970";

function isMoment(value: unknown): value is number {
  return isTime(value) && isDateMs(value);
}
