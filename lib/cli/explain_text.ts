/** How an app logs in, told line by line. */
import type { ExplainAuthOutput, ExplainedScript } from "../ops/explain_auth.ts";
import {
  assumptionLine,
  openAssumptions,
  provenWords,
  settlingHint,
} from "../ops/proof_verdict.ts";
import {
  APPROVAL,
  ASKED_OF_USER,
  type FlowStep,
  type FlowYield,
  type Piece,
  type SentValue,
} from "../ops/flow_explanation.ts";

/** Width of `sends `, `takes ` and the like. */
const LABEL_WIDTH = 6;
const INDENT = "    ";

export function explanationLines(explained: ExplainAuthOutput): string[] {
  const { flow, reasons, result } = explained;
  const verdict = [VERDICTS[result], ...reasons.map((reason) => `- ${reason}`), ""];
  if (flow === null) return verdict.slice(0, -1);
  const labels = new Map(explained.inputs.map(({ name, label, secret }) => [
    name,
    secret ? `${label} (not shown)` : label,
  ]));
  const isAsked = flow.steps.some(({ sends }) =>
    sends.some(({ place }) => place === ASKED_OF_USER)
  );
  const approvals = isAsked ? [APPROVAL] : [];
  const part = (steps: readonly FlowStep[], yields: FlowYield) => [
    ...steps.flatMap((step) => stepLines(step, labels)),
    ...yieldLines(yields),
    "",
  ];
  return [
    ...verdict,
    ...part(flow.steps, flow.yields),
    ...flow.refresh === null
      ? ["There is no refresh: when the token ends, the login is repeated", ""]
      : [`Refresh (${flow.refresh.source})`, "", ...part(flow.refresh.steps, flow.refresh.yields)],
    `asks for  ${[...labels.values(), ...approvals].join(", ") || "nothing"}`,
    `talks to  ${explained.hosts.join(", ")}`,
    `sends to  ${explained.apiOrigins.join(", ")}`,
    `script    ${scriptState(explained)}`,
    ...assumptionLines(explained),
  ];
}

const VERDICTS: Readonly<Record<ExplainAuthOutput["result"], string>> = {
  script: "Every value of the login is explained.",
  draft: "Part of the login is unexplained.",
  none: "There is no login in the recordings.",
  refused: "This login cannot be reproduced by a script.",
};

function stepLines(step: FlowStep, labels: ReadonlyMap<string, string>): string[] {
  const asks = step.asks.map((name) => labels.get(name) ?? name);
  return [
    `${step.id}  ${step.trace} ${step.method} ${step.host}${step.path} -> ${step.status}`,
    ...(asks.length > 0 ? [line("asks", asks.join(", "))] : []),
    ...step.sends.map((sent) =>
      line(sent.place === ASKED_OF_USER ? "puts" : "sends", sentText(sent))
    ),
    ...step.takes.map(({ value, place }) => line("takes", `${value} <- ${place}`)),
    "",
  ];
}

function yieldLines({ carries, keeps, expiresIn }: FlowYield): string[] {
  return [
    "Every request to the API then carries",
    ...carries.map((sent) => line("", sentText(sent))),
    ...keeps.map((sent) => line("keeps", sentText(sent))),
    line("ends", expiresIn ?? "when the server says so"),
  ];
}

function sentText({ place, from, kind }: SentValue): string {
  const mark = kind === "unexplained" ? " (unexplained)" : "";
  return `${place} = ${from.map(pieceText).join("")}${mark}`;
}

function pieceText(piece: Piece): string {
  return typeof piece === "string" ? piece : `{${piece.value}}`;
}

function line(label: string, text: string): string {
  return `${INDENT}${label.padEnd(LABEL_WIDTH)}${text}`;
}

function scriptState({ app, script }: ExplainAuthOutput): string {
  if (script === null) return `none; keysmith auth analyze ${app}`;
  const source = script.source === "adopted" ? ", written by hand" : "";
  return script.state === "stale"
    ? `changed since its proof${source}; the next login proves it again`
    : `${stateWords(script)}${source}`;
}

function stateWords({ state, proof }: ExplainedScript): string {
  return state === "proven" && proof !== null ? provenWords(proof) : state;
}

/** What the evidence leaves open; what it settles stands in the JSON. */
function assumptionLines({ app, script }: ExplainAuthOutput): string[] {
  const open = script?.proof ? openAssumptions(script.proof) : [];
  if (script?.state !== "proven" || open.length === 0) return [];
  return [...open.map((assumption) => `- ${assumptionLine(assumption)}`), settlingHint(app)];
}
