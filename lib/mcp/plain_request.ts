/**
 * Requests of the revisions with a handshake (2024-10-07 to 2025-11-25) that hold what nearly all of them hold, and
 * nothing else. What is none of these is left to the library, which knows everything that may be in a request
 * and says what is wrong with one.
 */
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { isRecord } from "../base/json.ts";
import { LEVELS } from "./log_levels.ts";

export type RequestId = string | number;

export interface PlainRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>> | undefined;
}

/** Revisions in which a connection begins with `initialize`, the last one first. */
export const HANDSHAKE_REVISIONS = [
  "2025-11-25",
  "2025-06-18",
  "2025-03-26",
  "2024-11-05",
  "2024-10-07",
];

type Check = (value: unknown) => boolean;

const MEMBERS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  initialize: {
    protocolVersion: isText,
    capabilities: isCapabilities,
    clientInfo: isImplementation,
  },
  ping: {},
  "tools/list": { cursor: isText },
  "tools/call": { name: isText, arguments: isRecord },
  "resources/list": { cursor: isText },
  "resources/templates/list": { cursor: isText },
  "resources/read": { uri: isText },
  "logging/setLevel": { level: isLevel },
};

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  initialize: ["protocolVersion", "capabilities", "clientInfo"],
  "tools/call": ["name"],
  "resources/read": ["uri"],
  "logging/setLevel": ["level"],
};

/** The request in a message; `null` for any other message, and for a request with something special about it. */
export function plainRequest(message: JSONRPCMessage): PlainRequest | null {
  if (!("method" in message) || !("id" in message)) return null;
  const { id, method, params = {} } = message;
  const members = Object.hasOwn(MEMBERS, method) ? MEMBERS[method]! : null;
  if (members === null || !isRecord(params)) return null;
  const isPlain = Object.entries(params).every(([name, value]) =>
    name === "_meta" ? isPlainMeta(value) : Object.hasOwn(members, name) && members[name]!(value)
  );
  const isWhole = (REQUIRED[method] ?? []).every((name) => Object.hasOwn(params, name));
  return isPlain && isWhole ? { id, method, params: message.params } : null;
}

/** Members with this prefix are the protocol's own (revision 2026-07-28: the envelope of a request). */
const PROTOCOL_PREFIX = "io.modelcontextprotocol/";

function isPlainMeta(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { progressToken } = value;
  const isToken = progressToken === undefined || isText(progressToken) ||
    Number.isSafeInteger(progressToken);
  return isToken && Object.keys(value).every((name) => !name.startsWith(PROTOCOL_PREFIX));
}

function isLevel(value: unknown): boolean {
  return LEVELS.some((level) => level === value);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

/** Each capability is an object; what stands in those that are used here is looked at where it is used. */
function isCapabilities(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(isRecord);
}

function isImplementation(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(isText) &&
    value.name !== undefined && value.version !== undefined;
}
