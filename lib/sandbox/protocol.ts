/**
 * The lines between the parent and the sandbox process, and the messages between that process and
 * its Worker.
 *
 *     parent → child   one line of JSON: `GuestConfig`
 *     child → parent   which walls of the system stand, before there is a Worker
 *     child → Worker   `WorkerSetup`; Worker → child `ready`; child gives up its permissions
 *     parent → child → Worker   one line of JSON: `GuestScript`; the script runs
 *     Worker → child   `GuestMessage` as JSON text, at most one of them a result or an error
 *     child → parent   `<nonce> <GuestMessage as JSON>`, one line each
 *     parent → child → Worker   `GuestAnswer` as JSON, for each call
 *
 * The Worker never sees the nonce, so whatever else finds its way to stdout is recognised as
 * foreign. The child forwards text without reading it; the parent validates every field.
 */
import { isRecord, parseJson } from "../base/json.ts";
import type { ProofKey } from "../http/key_proof.ts";
import type { LimitName } from "./limits.ts";
import type { WallReport } from "./walls/wall_report.ts";

export type GuestEntry =
  | { readonly kind: "acquire" }
  | {
    readonly kind: "refresh";
    readonly refreshToken: string;
    /** Of the login whose token it is. Secret. */
    readonly proofKey?: ProofKey;
  };

/** What the Worker may reach. Hosts are `host:port`, canonical. */
export interface GuestReach {
  readonly hosts: readonly string[];
  /** Port on 127.0.0.1 that answers for all of them. */
  readonly replayPort: number | null;
  /** False: other machines over https only. */
  readonly plainHttp: boolean;
}

/** Parts of the Worker that cost time to load and that most scripts do without. */
export interface GuestParts {
  readonly cookies: boolean;
  readonly html: boolean;
}

/** What the sandbox needs to get ready, sent while the parent is still preparing the script. */
export interface GuestConfig {
  readonly nonce: string;
  readonly reach: GuestReach;
  readonly parts: GuestParts;
  readonly watched: readonly WatchedRequest[];
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

export interface GuestScript {
  readonly javascript: string;
  readonly entry: GuestEntry;
}

export type WorkerSetup = Pick<GuestConfig, "reach" | "parts" | "watched">;

/**
 * A request whose answer the parent wants to see: method, origin and path, as in `POST https://shop.example/login`;
 * a `*` at the end stands for any rest of the path.
 */
export type WatchedRequest = string;

/** Watches everything: each hop of a redirect, too, and what was sent. For runs that may have to be explained. */
export const EVERY_REQUEST: WatchedRequest = "*";

/** An answer to a watched request. */
export interface WatchedAnswer {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As UTF-8 text; of a longer body nothing. */
  readonly body: string;
  /** What was sent, with `EVERY_REQUEST`; of a longer body nothing. */
  readonly sent?: SentContent;
}

export interface SentContent {
  readonly headers: WatchedAnswer["headers"];
  readonly body: string;
}

export type CallName = "prompt_text" | "prompt_secret" | "wait_user_confirmation" | "tell_user";

export type GuestMessage =
  /** Before anything else, from the process that has closed itself. */
  | { kind: "walls"; walls: WallReport }
  /** The script has been handed over; time counts from here. */
  | { kind: "started" }
  | { kind: "call"; id: number; name: CallName; text: string }
  | { kind: "debug"; text: string }
  | {
    kind: "exchange";
    method: string;
    url: string;
    status: number | null;
    error?: string;
    retryAfter?: string;
  }
  | { kind: "answer"; answer: WatchedAnswer }
  | { kind: "result"; json: string }
  | { kind: "error"; name: string; message: string; line: number | null }
  | { kind: "limit"; limit: LimitName };

export interface GuestAnswer {
  readonly id: number;
  readonly value: string;
}

const CALLS: readonly string[] = [
  "prompt_text",
  "prompt_secret",
  "wait_user_confirmation",
  "tell_user",
] satisfies CallName[];

/** A message of the sandbox, field by field; `null` when it is none. */
export function readGuestMessage(json: string): GuestMessage | null {
  const value = parseJson(json);
  if (!isRecord(value)) return null;
  switch (value.kind) {
    case "walls":
      return isRecord(value.walls) ? { kind: "walls", walls: readWalls(value.walls) } : null;
    case "started":
      return { kind: "started" };
    case "call":
      return isId(value.id) && isCallName(value.name) && typeof value.text === "string"
        ? { kind: "call", id: value.id, name: value.name, text: value.text }
        : null;
    case "debug":
      return typeof value.text === "string" ? { kind: "debug", text: value.text } : null;
    case "exchange":
      return readExchange(value);
    case "answer":
      return readWatchedAnswer(value.answer);
    case "result":
      return typeof value.json === "string" ? { kind: "result", json: value.json } : null;
    case "error":
      return typeof value.name === "string" && typeof value.message === "string"
        ? {
          kind: "error",
          name: value.name,
          message: value.message,
          line: isId(value.line) ? value.line : null,
        }
        : null;
    case "limit":
      return value.limit === "cpu" || value.limit === "memory"
        ? { kind: "limit", limit: value.limit }
        : null;
    default:
      return null;
  }
}

function readWalls(value: Record<string, unknown>): WallReport {
  return {
    no_new_privileges: value.no_new_privileges === true,
    files: value.files === true,
    ports: value.ports === true,
    system_calls: value.system_calls === true,
    profile: value.profile === true,
  };
}

function readExchange(value: Record<string, unknown>): GuestMessage | null {
  const { method, url, status, error, retryAfter } = value;
  if (typeof method !== "string" || typeof url !== "string") return null;
  if (status !== null && typeof status !== "number") return null;
  return {
    ...(typeof error === "string" ? { error } : {}),
    ...(typeof retryAfter === "string" ? { retryAfter } : {}),
    kind: "exchange",
    method,
    url,
    status,
  };
}

function readWatchedAnswer(value: unknown): GuestMessage | null {
  if (!isRecord(value)) return null;
  const { method, url, status, headers, body, sent } = value;
  if (typeof method !== "string" || typeof url !== "string" || typeof body !== "string") {
    return null;
  }
  if (!isId(status) || !Array.isArray(headers) || !headers.every(isPair)) return null;
  const content = readSent(sent);
  const answer = {
    method,
    url,
    status,
    headers,
    body,
    ...content === null ? {} : { sent: content },
  };
  return { kind: "answer", answer };
}

function readSent(value: unknown): SentContent | null {
  if (!isRecord(value) || typeof value.body !== "string" || !Array.isArray(value.headers)) {
    return null;
  }
  const { headers, body } = value;
  return headers.every(isPair) ? { headers, body } : null;
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 &&
    value.every((item) => typeof item === "string");
}

function isCallName(value: unknown): value is CallName {
  return typeof value === "string" && CALLS.includes(value);
}

function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
