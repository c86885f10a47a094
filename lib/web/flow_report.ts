/**
 * `auth explain --html`: one self-contained page with the login drawn as a sequence diagram. Nothing is
 * loaded from anywhere; a Content-Security-Policy allows this very style and this very script alone.
 */
import { type AssumptionRecord, openAssumptions, provenWords } from "../ops/proof_verdict.ts";
import { createHash } from "node:crypto";
import type { ExplainAuthOutput, ExplainedScript } from "../ops/explain_auth.ts";
import { Diagram } from "./flow_report_diagram.ts";
import { lanesOf } from "./flow_report_lanes.ts";
import { type Insert, Markup, markup } from "./flow_report_markup.ts";
import { REPORT_SCRIPT } from "./flow_report_script.ts";
import { reportStyle } from "./flow_report_style.ts";
import { ValueMarks } from "./flow_report_values.ts";

/** The page's HTML. */
export function flowReport(explanation: ExplainAuthOutput): string {
  const style = reportStyle(lanesOf(explanation).count);
  const title = `How ${explanation.app} logs in`;
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${stateMark(explanation)}</p>
${reasonList(explanation)}
${factList(explanation)}
</header>
<main>
${flowSection(explanation)}
${proofSection(explanation.script)}
</main>
<footer>Written by keysmith auth explain. It names values and places; no recorded value is in it.</footer>
<p id="status" role="status"></p>
<script>${new Markup(REPORT_SCRIPT)}</script>
</body>
</html>
`.text;
}

function policyOf(style: string): Markup {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(REPORT_SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return new Markup(policy.join("; "));
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function provenMark({ proof }: ExplainedScript): Markup {
  if (proof === null || openAssumptions(proof).length === 0) {
    return state("good", "proven on the recording");
  }
  return state("warn", `${provenWords(proof)} on the recording`);
}

function stateMark({ result, script }: ExplainAuthOutput): Markup {
  if (script?.state === "proven") return provenMark(script);
  if (script?.state === "failed") return state("bad", "the proof failed");
  if (script?.state === "stale") return state("warn", "the script was changed after its proof");
  switch (result) {
    case "script":
      return state("warn", "explained, not proven yet");
    case "draft":
      return state("warn", "a draft: part of it is unexplained");
    case "refused":
      return state("bad", "no script can reproduce this login");
    case "none":
      return state("warn", "no login in the recordings");
  }
}

function state(tone: "good" | "warn" | "bad", text: string): Markup {
  return markup`<span class="state ${tone}">${text}</span>`;
}

function reasonList({ reasons }: ExplainAuthOutput): Markup | null {
  if (reasons.length === 0) return null;
  return markup`<ul class="reasons">${reasons.map((reason) => markup`<li>${reason}</li>`)}</ul>`;
}

function factList(explanation: ExplainAuthOutput): Markup | null {
  const { inputs, hosts, flow, apiOrigins, refresh } = explanation;
  if (flow === null) return null;
  const asked = inputs.map(({ label, secret }) => secret ? `${label} (not shown)` : label);
  const facts: readonly (readonly [name: string, text: Insert])[] = [
    ["Asks for", asked.join(", ") || "nothing"],
    ["Talks to", hosts.join(", ") || "nobody"],
    ["For", apiOrigins.join(", ") || "no API"],
    ["Refresh", REFRESHES[refresh]],
  ];
  const rows = facts.map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`);
  return markup`<dl class="facts">${rows}</dl>`;
}

const REFRESHES: Readonly<Record<ExplainAuthOutput["refresh"], string>> = {
  recorded: "as recorded",
  inferred: "the standard refresh of the token endpoint; none was recorded",
  none: "none: log in again when the token ends",
};

function flowSection(explanation: ExplainAuthOutput): Markup | null {
  const { flow } = explanation;
  if (flow === null) return null;
  const marks = new ValueMarks(flow);
  const diagram = new Diagram(explanation, lanesOf(explanation), marks);
  const { refresh } = flow;
  const renewal = refresh === null
    ? null
    : markup`<h2>The refresh, ${refresh.source === "recorded" ? "as recorded" : "inferred"}</h2>
${diagram.draw({ title: "The refresh", ...refresh })}`;
  return markup`<div class="columns">
<section>
<h2>The login, step by step</h2>
${diagram.draw({ title: "The login", ...flow })}
${renewal}
</section>
<aside aria-label="Values">
<h2>Values</h2>
<p class="hint">Select a value to follow it: where it comes from, and every place it goes. The arrow keys move along it, Escape ends.</p>
${LEGEND}
${marks.list()}
</aside>
</div>`;
}

const LEGEND = markup`<p class="legend">
<span class="value typed">typed</span>
<span class="value made">made up</span>
<span class="value taken">taken from an answer</span>
<span class="value cookie">cookie</span>
</p>`;

function proofSection(script: ExplainedScript | null): Markup | null {
  const proof = script?.proof ?? null;
  if (proof === null) return null;
  const asked = proof.steps.filter(({ status }) => status === "asked").length;
  const rows = proof.mismatches.map(({ step, trace, where, problem }) =>
    markup`<tr><td>${step}</td><td>${trace}</td><td>${where}</td><td>${problem}</td></tr>`
  );
  const table = markup`<table>
<tr><th>Step</th><th>Trace</th><th>Where</th><th>Problem</th></tr>
${rows}
</table>`;
  return markup`<section>
<h2>The proof</h2>
<p>${
    proof.passed ? "Passed" : "Failed"
  } on ${proof.provedAt}: ${asked} of ${proof.steps.length} requests
reproduced with fresh values and another user's credentials; refresh: ${proof.refresh}.</p>
${rows.length === 0 ? null : table}
${assumptionTable(proof.assumptions)}
</section>`;
}

function assumptionTable(assumptions: readonly AssumptionRecord[]): Markup | null {
  if (assumptions.length === 0) return null;
  const rows = assumptions.map(({ trace, where, as, why, isSettled }) =>
    markup`<tr><td>${trace}</td><td>${where}</td><td>${as}</td><td>${why}</td><td>${
      isSettled ? "settled" : "open"
    }</td></tr>`
  );
  return markup`<h3>What it took on trust</h3>
<table>
<tr><th>Trace</th><th>Where</th><th>As</th><th>Why</th><th></th></tr>
${rows}
</table>`;
}
