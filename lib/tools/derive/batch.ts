/**
 * Batches of GraphQL and JSON-RPC calls, taken apart: each call with its own answer. JSON-RPC answers in any order,
 * knows a call by its id, and says nothing to a notification (JSON-RPC 2.0 section 6); GraphQL keeps the order.
 */
import { isRecord, type JsonValue } from "../../base/json.ts";
import type { ParsedBody } from "../../http/body.ts";
import type { RpcCall } from "./rpc_call.ts";

export interface Exchanged {
  readonly body: ParsedBody;
  readonly answer: ParsedBody;
}

/** What of a sample says whether it was part of a batch. */
interface Called extends Exchanged {
  readonly call: RpcCall | null;
}

/** The calls of a batch, each as a batch of one; the message itself where it is none, or a batch of requests. */
export function batchItems(body: ParsedBody, answer: ParsedBody): Exchanged[] {
  if (body.kind !== "json" || !Array.isArray(body.value) || body.value.length < 2) {
    return [{ body, answer }];
  }
  const items: readonly JsonValue[] = body.value;
  if (!items.every(isCall)) return [{ body, answer }];
  const answers = answer.kind === "json" && Array.isArray(answer.value) ? answer.value : [];
  const byId = items.some((item) => idOf(item) !== undefined) &&
    answers.some((one: JsonValue) => idOf(one) !== undefined);
  return items.map((item, at) => {
    const own = byId ? answerTo(item, answers) : answers[at];
    return {
      body: { kind: "json", value: [item] },
      answer: own === undefined ? { kind: "none" } : { kind: "json", value: [own] },
    };
  });
}

/** Members of a request that is put together of parts by itself: it is none of the two. */
const REQUEST_MEMBER = /^(path|url|uri|relative_?url|href|endpoint)$/i;

function isCall(item: JsonValue): boolean {
  if (!isRecord(item) || Object.keys(item).some((name) => REQUEST_MEMBER.test(name))) return false;
  return ["method", "query", "operationName"].some((name) => typeof item[name] === "string");
}

function answerTo(item: JsonValue, answers: readonly JsonValue[]): JsonValue | undefined {
  const id = idOf(item);
  return id === undefined ? undefined : answers.find((one) => idOf(one) === id);
}

function idOf(value: JsonValue): unknown {
  return isRecord(value) ? value["id"] ?? undefined : undefined;
}

/**
 * Samples of one tool, all sent alike: where a call was made by itself, too, those of batches are taken out of
 * theirs, with their answers.
 */
export function sentAlike<T extends Called>(samples: readonly T[]): readonly T[] {
  const isMixed = samples.some(isBatched) && !samples.every(isBatched);
  return isMixed ? samples.map((sample) => isBatched(sample) ? alone(sample) : sample) : samples;
}

function isBatched({ call }: Called): boolean {
  return call?.kind === "json-rpc" && call.batch ||
    call?.kind === "graphql" && call.carrier === "json-batch";
}

function alone<T extends Called>(sample: T): T {
  const { call, body, answer } = sample;
  return {
    ...sample,
    body: unwrapped(body),
    answer: unwrapped(answer),
    call: call?.kind === "json-rpc"
      ? { ...call, batch: false }
      : call?.kind === "graphql"
      ? { ...call, carrier: "json" }
      : call,
  };
}

function unwrapped(body: ParsedBody): ParsedBody {
  return body.kind === "json" && Array.isArray(body.value) && body.value.length === 1
    ? { kind: "json", value: body.value[0]! }
    : body;
}
