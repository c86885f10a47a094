/**
 * What went wrong at a model's endpoint, with what can be done about it. By the status and code of the answer
 * (OpenAI's error codes; compatible servers use the same statuses and say the rest in words), else by what the
 * network said.
 */
import { AppError, type ErrorCode } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import type { ModelSettings } from "./model_settings.ts";
import { malformed, SaidError } from "./openai_answer.ts";

/** What is known of a failed request. */
interface Failure {
  /** `null` where nothing was answered. */
  readonly status: number | null;
  /** The error's own code and its words, in lower case. */
  readonly words: string;
}

interface Remedy {
  readonly when: (failure: Failure) => boolean;
  readonly hint: (settings: ModelSettings) => string;
  /** Waiting changes nothing. */
  readonly isLasting?: true;
}

const is = (...statuses: readonly number[]) => ({ status }: Failure) =>
  status !== null && statuses.includes(status);
const says = (pattern: RegExp) => ({ words }: Failure) => pattern.test(words);
const both = (...tests: readonly Remedy["when"][]) => (failure: Failure) =>
  tests.every((test) => test(failure));

const CHECK_KEY =
  "Check the key: OPENAI_API_KEY, or model.apiKey in the configuration; keysmith config show says which " +
  "is in force";
const CHECK_URL =
  "Check OPENAI_BASE_URL or model.baseURL; the address of most endpoints ends in /v1";
const NO_MODEL = "or go on without a model: --no-llm";

/** The first that fits. */
const ANSWERED: readonly Remedy[] = [
  {
    when: ({ status, words }) =>
      status === 402 ||
      status !== 401 &&
        /insufficient_(?:quota|funds|balance)|billing|no credit|credit balance/.test(words),
    hint: () => `Nothing is left to spend there: add credit, use another key, ${NO_MODEL}`,
    isLasting: true,
  },
  { when: is(401), hint: () => CHECK_KEY },
  {
    when: both(
      is(400, 403, 422, 500),
      says(/content[_ ]?(?:filter|policy|management)|responsibleai/),
    ),
    hint: () =>
      `The endpoint's content filter refused the prompt: ask another endpoint, ${NO_MODEL}`,
    isLasting: true,
  },
  {
    when: both(
      is(400, 413, 422, 500),
      says(
        /context[_ ](?:length|window|size)|maximum (?:context|number of tokens)|too (?:many tokens|long|large)|n_ctx/,
      ),
    ),
    hint: ({ model }) =>
      `The conversation is longer than "${model}" takes: choose a model with a larger context ` +
      "(KEYSMITH_MODEL), or have a local server load it with one",
    isLasting: true,
  },
  {
    when: both(
      is(400, 404, 422, 500, 501),
      says(/\b(?:tools?|function calling)\b[^.]{0,40}\bsupport|support[^.]{0,40}\btools?\b/),
    ),
    hint: ({ model }) =>
      `"${model}" takes no tool calls: choose a model that does with KEYSMITH_MODEL`,
    isLasting: true,
  },
  {
    when: both(is(400, 422, 501), says(/\bstream/)),
    hint: () => "Set model.stream to false in the configuration",
    isLasting: true,
  },
  { when: is(403), hint: () => `${CHECK_KEY}; it may not be allowed to use this model` },
  {
    when: both(is(400, 404), says(/model/)),
    hint: ({ model }) =>
      `There is no model "${model}" for this key: choose one with KEYSMITH_MODEL or ` +
      "keysmith config set model NAME",
    isLasting: true,
  },
  { when: is(404, 405), hint: () => CHECK_URL },
  {
    when: is(429),
    hint: () => `The endpoint takes fewer requests or tokens in a minute: wait, ${NO_MODEL}`,
  },
  {
    when: ({ status }) => status !== null && status >= 500,
    hint: () => `The endpoint has a problem of its own: try again later, ${NO_MODEL}`,
  },
  { when: () => true, hint: () => `Check KEYSMITH_MODEL and OPENAI_BASE_URL, ${NO_MODEL}` },
];

const UNANSWERED: readonly Remedy[] = [
  {
    when: says(/refused/),
    hint: () =>
      "Nothing listens there: start the server, or correct OPENAI_BASE_URL or model.baseURL",
    isLasting: true,
  },
  {
    when: says(/lookup|dns|resolve|no such host/),
    hint: () =>
      "There is no host of that name: correct OPENAI_BASE_URL or model.baseURL, or check the network",
    isLasting: true,
  },
  {
    when: says(/certificate|tls|ssl|handshake|corrupt message|unknownissuer/),
    hint: () =>
      "This machine does not trust the endpoint's certificate, or the endpoint speaks no TLS: name the host " +
      "that the certificate is for; a server on this machine is reached over http://127.0.0.1",
    isLasting: true,
  },
  {
    when: says(/redirect/),
    hint: () => "The endpoint redirects: name the address it redirects to",
    isLasting: true,
  },
  {
    when: says(/reading a body|connection (?:closed|reset|aborted)|unexpected eof|terminated/),
    hint: () => `The connection ended in the middle of the answer: try again, ${NO_MODEL}`,
  },
  { when: () => true, hint: () => `Check OPENAI_BASE_URL and the network, ${NO_MODEL}` },
];

/** True for what is worth another try. */
export function isPassing(thrown: unknown): boolean {
  if (thrown instanceof AppError || ownError(thrown) !== null) return false;
  const failure = failureOf(thrown);
  const { status } = failure;
  if (status !== null && status !== 408 && status !== 429 && status < 500) return false;
  return remedyOf(failure).isLasting !== true;
}

/** What an endpoint says of its refusal is foreign text and stays short. */
export function endpointError(thrown: unknown, settings: ModelSettings): AppError {
  const own = thrown instanceof AppError ? thrown : ownError(thrown);
  if (own !== null) return own;
  const failure = failureOf(thrown);
  const { baseURL, model } = settings;
  const { origin } = new URL(baseURL);
  const { status } = failure;
  const reason = plainReason(reasonOf(thrown));
  const message = status === null
    ? `Cannot ask the model at "${origin}": ${reason}`
    : `The model "${model}" at "${origin}" answered ${status}: ${reason}`;
  return new AppError(codeOf(status), message, {
    hint: remedyOf(failure).hint(settings),
    ...status === null ? {} : { details: { status } },
    cause: thrown,
  });
}

function codeOf(status: number | null): ErrorCode {
  if (status === null) return "UNREACHABLE";
  return status >= 400 && status < 500 ? "UPSTREAM_REFUSED" : "UPSTREAM_FAILED";
}

function remedyOf(failure: Failure): Remedy {
  return (failure.status === null ? UNANSWERED : ANSWERED).find(({ when }) => when(failure))!;
}

/** Of errors inside the package's own, and of answers that are no JSON. */
function ownError(thrown: unknown): AppError | null {
  if (thrown instanceof SyntaxError) return malformed("it is not JSON");
  const own = causes(thrown).find((cause) => cause instanceof AppError);
  return own ?? null;
}

function failureOf(thrown: unknown): Failure {
  const { code = "", type = "" } = isRecord(thrown) ? thrown : {};
  const words = [code, type, ...causes(thrown).map(({ message }) => message)].join(" ");
  return { status: statusOf(thrown), words: words.toLowerCase() };
}

/** Of an error in an answer that had another status: its code where that is one, else a fault of the server. */
function statusOf(thrown: unknown): number | null {
  if (!isRecord(thrown)) return null;
  const { status, code, error } = thrown;
  if (typeof status === "number") return status;
  if (!(thrown instanceof SaidError) && !isRecord(error)) return null;
  const said = Number(code);
  return said >= 400 && said < 600 ? said : 500;
}

/** Without the status, which is said before it; a page has nothing to say. */
function plainReason(reason: string): string {
  const text = reason.replace(/^\d{3} /, "");
  return /^\s*</.test(text) ? "a page" : text.slice(0, 200);
}

/** The innermost cause says what happened. */
function reasonOf(thrown: unknown): string {
  const messages = causes(thrown).map(({ message }) => message).filter((text) => text !== "");
  const last = messages.at(-1) ?? String(thrown);
  return isRecord(thrown) && typeof thrown["status"] === "number" ? messages[0] ?? last : last;
}

const MAX_CAUSES = 6;

function causes(thrown: unknown): Error[] {
  const found: Error[] = [];
  for (let error = thrown; error instanceof Error && found.length < MAX_CAUSES;) {
    found.push(error);
    error = error.cause;
  }
  return found;
}
