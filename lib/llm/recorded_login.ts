/** A recorded login made ready for a model: the view of its traces and the draft of its script, both redacted. */
import { answerFacts } from "../correlate/answer_facts.ts";
import type { LoginFlow } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import { recordedFacts, type Typed } from "./recorded_facts.ts";
import { RecordingView } from "./recording_view.ts";
import { redactedScript } from "./redact_flow.ts";
import { redactScript } from "./redact_script.ts";
import { Redaction } from "./redaction.ts";

export interface RecordedLogin {
  readonly view: RecordingView;
  /** The script to begin with; `""` without a flow. */
  readonly draft: string;
}

/**
 * `script`: the present script of the app, to begin with instead of one written from the flow. `typed`:
 * what was typed besides what the flow knows.
 */
export function recordedLogin(
  app: string,
  traces: readonly Trace[],
  flow: LoginFlow | null,
  { typed, script }: { readonly typed: readonly Typed[]; readonly script: string | null },
): RecordedLogin {
  const redaction = new Redaction(recordedFacts(traces, flow, typed));
  // The draft comes first: what it holds as constants is known as such wherever it occurs.
  const own = script === null ? null : redactScript(script, redaction);
  const draft = own ??
    (flow === null ? "" : redactedScript(app, flow, answerFacts(traces, flow), redaction));
  return { draft, view: new RecordingView(traces, redaction) };
}
