/** Lists the traces of an app, or shows one of them in full. Credentials are masked unless asked for. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { Redactor } from "../base/redact.ts";
import { maskHeaders, maskUrlParts, maskUrlSecrets } from "../capture/mask_exchange.ts";
import { maskBodyText } from "../capture/mask_body.ts";
import { secretValues } from "../capture/secret_values.ts";
import { bodyText, parseBody } from "../http/body.ts";
import type { AuthMark, HeaderList, NoiseReason, Trace } from "../http/exchange.ts";
import { mediaType } from "../http/headers.ts";
import { openHome } from "../store/home.ts";
import { requireCapture } from "../store/require_capture.ts";
import { frameMessage, type SocketMessage, streamMessages } from "./socket_messages.ts";
import { type CaptureHoldings, TraceStore } from "../store/trace_store.ts";

export type { SocketMessage };

export interface InspectTracesInput {
  readonly app: string;
  /** `t_0001`, …: show this one in full. Left out: list them. */
  readonly trace?: string;
  /** List the traces of this capture only. */
  readonly capture?: string;
  /** List traces of trackers, static assets and preflights too. Default: false. */
  readonly includeNoise?: boolean;
  /** List traces related to authentication only. Default: false. */
  readonly onlyMarked?: boolean;
  /** Show credentials as they are. Default: false. */
  readonly reveal?: boolean;
}

export interface InspectTracesOutput {
  readonly app: string;
  /** The list, in time order; the one trace when one was asked for. */
  readonly traces: readonly TraceLine[];
  /** The trace that was asked for, in full. */
  readonly trace: TraceView | null;
  /** What the captures of these traces hold. */
  readonly holds: readonly (CaptureHoldings & { readonly capture: string })[];
}

export interface TraceLine {
  readonly id: string;
  readonly capture: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly method: string;
  readonly url: string;
  /** `null` when there was no answer. */
  readonly status: number | null;
  /** Media type of the answer, `""` when it has none. */
  readonly type: string;
  readonly marks: readonly AuthMark[];
  readonly noise: NoiseReason | null;
}

export interface TraceView extends TraceLine {
  readonly request: MessageView;
  readonly response: MessageView | null;
  /** Messages of a WebSocket, or events of a stream, in the order in which they came. */
  readonly messages: readonly SocketMessage[];
}

export interface MessageView {
  readonly headers: HeaderList;
  readonly body: BodyView;
}

export type BodyView =
  | { readonly kind: "none" }
  /** The recorder did not keep it. */
  | { readonly kind: "missing" }
  /** It was taken out after the analysis, if there was one. */
  | { readonly kind: "forgotten" }
  | { readonly kind: "text"; readonly bytes: number; readonly text: string }
  /** `base64` is `null` while credentials are masked: they cannot be found in binary data. */
  | { readonly kind: "binary"; readonly bytes: number; readonly base64: string | null };

/** @throws {AppError} `NOT_FOUND` for an app, a capture or a trace that does not exist. */
export async function inspectTraces(
  ctx: Context,
  input: InspectTracesInput,
): Promise<InspectTracesOutput> {
  const home = openHome(ctx);
  await home.requireApp(input.app);
  using store = TraceStore.open(home.appFile(input.app, "captures.db"), { readOnly: true });
  if (input.capture !== undefined) requireCapture(store, input.app, input.capture);
  const secrets = input.reveal ? null : secretsOf(store);
  if (input.trace === undefined) {
    const traces = listTraces(store, input, secrets);
    return { app: input.app, traces, trace: null, holds: holdsOf(store, traces) };
  }
  const trace = store.trace(input.trace) ?? noSuchTrace(input.app, input.trace);
  const view = showTrace(ctx, store, trace, secrets);
  return {
    app: input.app,
    traces: [view.line],
    trace: view.whole,
    holds: holdsOf(store, [view.line]),
  };
}

function holdsOf(store: TraceStore, traces: readonly TraceLine[]): InspectTracesOutput["holds"] {
  const captures = [...new Set(traces.map(({ capture }) => capture))].sort();
  return captures.map((capture) => ({ capture, ...store.holdings(capture) }));
}

function listTraces(
  store: TraceStore,
  { capture, includeNoise, onlyMarked }: InspectTracesInput,
  secrets: ReadonlySet<string> | null,
): TraceLine[] {
  const traces = store.traces({
    includeNoise: includeNoise ?? false,
    withoutBodies: true,
    ...(capture === undefined ? {} : { captureId: capture }),
  });
  return traces.filter((trace) => !onlyMarked || trace.marks.length > 0).map((trace) => {
    const { url } = trace.request;
    return lineOf(trace, secrets === null ? url : maskUrlParts(url, secrets));
  });
}

function showTrace(
  ctx: Context,
  store: TraceStore,
  trace: Trace,
  secrets: ReadonlySet<string> | null,
): { readonly line: TraceLine; readonly whole: TraceView } {
  const masking = secrets === null ? null : redactorFor(ctx, trace, secrets);
  const { url } = trace.request;
  const line = lineOf(trace, masking === null ? url : maskUrlSecrets(url, masking));
  const isForgotten = store.holdings(trace.captureId).bodies === "forgotten";
  const messages = [
    ...store.frames(trace.id).map((frame) => frameMessage(frame, masking)),
    ...streamMessages(trace, masking),
  ];
  return { line, whole: viewOf(trace, line, masking, { isForgotten, messages }) };
}

/** The credentials of every trace: a token is masked in the answer that first held it, too. */
function secretsOf(store: TraceStore): Set<string> {
  return new Set(store.traces().flatMap(secretValues));
}

function redactorFor(ctx: Context, trace: Trace, secrets: ReadonlySet<string>): Redactor {
  const redactor = new Redactor();
  for (const value of secrets) redactor.add(value);
  for (const value of secretValues(trace)) ctx.redactor.add(value);
  return redactor;
}

function lineOf(trace: Trace, url: string): TraceLine {
  const { request, response } = trace;
  return {
    id: trace.id,
    capture: trace.captureId,
    startedAt: new Date(trace.startedAtMs).toISOString(),
    method: request.method,
    url,
    status: response?.status ?? null,
    type: mediaType(response?.headers ?? []),
    marks: trace.marks,
    noise: trace.noise,
  };
}

function viewOf(
  { request, response }: Trace,
  line: TraceLine,
  masking: Redactor | null,
  { isForgotten, messages }: { isForgotten: boolean; messages: readonly SocketMessage[] },
): TraceView {
  const without = (kind: "none" | "missing"): BodyView => ({
    kind: isForgotten ? "forgotten" : kind,
  });
  return {
    ...line,
    request: messageView(request.headers, request.body, without("none"), masking),
    response: response === null
      ? null
      : messageView(response.headers, response.body, without("missing"), masking),
    messages,
  };
}

function messageView(
  headers: HeaderList,
  body: Uint8Array | null,
  whenNull: BodyView,
  masking: Redactor | null,
): MessageView {
  return {
    headers: masking === null ? headers : maskHeaders(headers, masking),
    body: body === null ? whenNull : bodyView(headers, body, masking),
  };
}

function bodyView(headers: HeaderList, body: Uint8Array, masking: Redactor | null): BodyView {
  if (body.length === 0) return { kind: "none" };
  if (parseBody(headers, body).kind === "binary") {
    const base64 = masking === null ? body.toBase64() : null;
    return { kind: "binary", bytes: body.length, base64 };
  }
  const text = bodyText(headers, body);
  const shown = masking === null ? text : maskBodyText(headers, body, text, masking);
  return { kind: "text", bytes: body.length, text: shown };
}

function noSuchTrace(app: string, trace: string): never {
  throw new AppError("NOT_FOUND", `App "${app}" has no trace "${trace}"`, {
    hint: `keysmith capture inspect ${app}`,
    details: { app, trace },
  });
}
