/** The captures of an app as sessions, analysed together. */
import { AppError } from "../base/error.ts";
import { CredentialWitness } from "../capture/sanitised.ts";
import type { AnalysisOptions } from "../correlate/analyze.ts";
import { analyzeRecording } from "../correlate/failed_attempts.ts";
import type { Findings } from "../correlate/finding.ts";
import type { Analysis } from "../correlate/flow.ts";
import { laterLogins, sessionsOf } from "../correlate/sessions.ts";
import type { TypedValue } from "../correlate/typed_value.ts";
import type { VaryingPlace } from "../correlate/occurrences.ts";
import type { Trace } from "../http/exchange.ts";
import { type Home, newAppHint } from "../store/home.ts";
import { type CaptureInfo, TraceStore } from "../store/trace_store.ts";
import type { SocketFrame } from "../store/socket_frame.ts";
import { readFindings } from "./known_findings.ts";

export interface RecordedAnalysis {
  readonly analysis: Analysis;
  /** Those of the session that was analysed. */
  readonly traces: Trace[];
  /** The other sessions. */
  readonly others: readonly (readonly Trace[])[];
  /** What is known beside the recording. */
  readonly findings: Findings;
  /** What was typed: as the user told it, and as a browser of Keysmith's own saw it. Secret. */
  readonly hints: readonly TypedValue[];
  /** The same session with other findings. */
  readonly analyze: (findings: Findings) => Analysis;
}

/**
 * The newest session with a whole login counts, the others tell what differs; without a whole login the
 * best there is.
 *
 * @throws {AppError} `NOT_FOUND` for an app without captures, or whose bodies were all forgotten.
 */
export function analysisOf(
  home: Home,
  app: string,
  hints: readonly TypedValue[] = [],
  varying: readonly VaryingPlace[] = [],
): RecordedAnalysis {
  using store = TraceStore.open(home.appFile(app, "captures.db"), { readOnly: true });
  const captures = store.captures();
  if (captures.length === 0) {
    throw new AppError("NOT_FOUND", `"${app}" has no captures`, {
      hint: newAppHint(app),
    });
  }
  const tracesOf = ({ id }: CaptureInfo) => store.traces({ captureId: id, includeNoise: true });
  const kept = captures.filter(({ id }) => store.holdings(id).bodies !== "forgotten");
  if (kept.length === 0) throw allForgotten(app);
  const whole = kept.filter(({ sanitised }) => !sanitised);
  const findings = readFindings(home, app);
  const [last] = kept.slice(-1);
  if (whole.length > 0) {
    const best = bestOf(sessionsOf(whole.map(tracesOf)), {
      varying,
      findings,
      hintsFor: (session) => [...hints, ...typedWhileRecorded(store, session)],
    });
    return bySocket(best, store);
  }
  const traces = tracesOf(last!);
  const analysis = sanitised(traces, last!.creator);
  return { analysis, traces, others: [], findings, hints, analyze: () => analysis };
}

function allForgotten(app: string): AppError {
  return new AppError(
    "NOT_FOUND",
    `The bodies of the captures of "${app}" were forgotten after the analysis, as asked at the import`,
    {
      hint:
        `Script and tools stay as they are; to analyse anew, record again: keysmith learn ${app}`,
      details: { app },
    },
  );
}

/** What a browser of Keysmith's own saw typed: the same evidence as what the user tells, without asking. */
function typedWhileRecorded(store: TraceStore, session: readonly Trace[]): TypedValue[] {
  return [...new Set(session.map(({ captureId }) => captureId))]
    .flatMap((id) => store.typedFields(id))
    .map(({ kind, name, value, filledBy }) => ({
      kind,
      name,
      value,
      place: { kind: "text" },
      why: filledBy === "browser" ? "it was filled in, not typed" : "it was typed while recording",
    }));
}

interface Told extends Required<Pick<AnalysisOptions, "varying" | "findings">> {
  readonly hintsFor: (session: readonly Trace[]) => readonly TypedValue[];
}

function bestOf(
  sessions: readonly Trace[][],
  { varying, findings: known, hintsFor }: Told,
): RecordedAnalysis {
  const rank = ["flow", "draft", "refused", "none"];
  let best: RecordedAnalysis | undefined;
  for (const session of sessions.toReversed()) {
    const others = [...sessions.filter((other) => other !== session), ...laterLogins(session)];
    const hints = hintsFor(session);
    const analyzed = (findings: Findings) =>
      analyzeRecording(session, { hints, varying, others, findings });
    const found = analyzed(known);
    const isBetter = best === undefined ||
      rank.indexOf(found.analysis.kind) < rank.indexOf(best.analysis.kind);
    if (isBetter) {
      const analyze = (findings: Findings) => analyzed(findings).analysis;
      best = { ...found, others, findings: known, hints, analyze };
    }
    if (found.analysis.kind === "flow") break;
  }
  return best!;
}

/** Where what was typed went out in a message of a WebSocket, that is the login nobody found. */
function bySocket(best: RecordedAnalysis, store: TraceStore): RecordedAnalysis {
  const { analysis, traces, hints } = best;
  if (analysis.kind !== "none") return best;
  const secrets = hints.filter(({ kind, value }) => kind !== "identifier" && value !== "");
  if (secrets.length === 0) return best;
  const holds = ({ sender, payload }: SocketFrame) => {
    const text = new TextDecoder().decode(payload);
    return sender === "client" && secrets.some(({ value }) => isSaidIn(text, value));
  };
  const socket = traces.find(({ id }) => store.frames(id).some(holds));
  if (socket === undefined) return best;
  const reason =
    `What was typed goes out in a message of the WebSocket of ${socket.id} (RFC 6455), and no ` +
    "request of HTTP carries what that login yields: no script can send it, and no tool could use it";
  return { ...best, analysis: { kind: "none", reasons: [reason] } };
}

/** Shorter values stand in other texts by chance: they count where they are a text of their own. In characters. */
const MIN_WITHIN = 8;

function isSaidIn(text: string, value: string): boolean {
  const quoted = JSON.stringify(value);
  return text === value || text.includes(quoted) ||
    value.length >= MIN_WITHIN && (text.includes(value) || text.includes(quoted.slice(1, -1)));
}

function sanitised(traces: readonly Trace[], creator: string): Analysis {
  const witness = new CredentialWitness();
  for (const trace of traces) witness.observe(trace);
  const { sanitisedOrigins } = witness.verdict(creator);
  const where = sanitisedOrigins.length === 0 ? "" : ` of ${sanitisedOrigins.join(", ")}`;
  const reason =
    `The recording was exported without its credentials (cookies and Authorization${where} are missing). In ` +
    "Chrome's developer tools switch on Settings → Preferences → Network → Allow to generate HAR with " +
    "sensitive data, then export with sensitive data and import again";
  return { kind: "refused", reasons: [reason] };
}
