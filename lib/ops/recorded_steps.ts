/** The steps of a flow as they are stored: what was sent by name, and what the recorded answer looked like. */
import type { BodyTemplate, JsonTemplate, LoginFlow, Step } from "../correlate/flow.ts";
import { parseBody } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { parseUrl, queryPairs } from "../http/url.ts";
import { visibleLines } from "../http/visible_text.ts";
import { lineHash, type RecordedStep } from "../token/recorded_step.ts";

/** A page that says more is not a form to log in on. */
const MAX_LINES = 200;

export function recordedSteps(flow: LoginFlow, traces: readonly Trace[]): RecordedStep[] {
  const byId = new Map(traces.map((trace) => [trace.id, trace]));
  const stepOf = (part: RecordedStep["part"]) => (step: Step) => {
    const trace = byId.get(step.trace);
    return trace === undefined ? [] : [recordedStep(part, step, trace)];
  };
  return [
    ...flow.steps.flatMap(stepOf("login")),
    ...(flow.refresh?.steps ?? []).flatMap(stepOf("refresh")),
  ];
}

function recordedStep(part: RecordedStep["part"], step: Step, trace: Trace): RecordedStep {
  const { response } = trace;
  const content = response === null
    ? { kind: "none" as const }
    : parseBody(response.headers, response.body);
  const lines = content.kind === "html" ? visibleLines(content.text) : [];
  return {
    part,
    request: requestOf(step, trace),
    fields: [...new Set([...queryNames(trace), ...bodyNames(step.body)])],
    submits: step.submitsCredentials,
    status: step.status,
    kind: content.kind,
    lines: [...new Set(lines.slice(0, MAX_LINES).map(lineHash))],
  };
}

/** Up to the first part of the path that is not a constant. */
function requestOf({ method, url }: Step, trace: Trace): string {
  const { origin, pathname } = new URL(trace.request.url);
  if (url.kind === "whole") return `${method} ${origin}/*`;
  const changing = url.segments.findIndex(({ kind }) => kind !== "constant");
  if (changing < 0) return `${method} ${origin}${pathname}`;
  const constant = pathname.split("/").slice(1, changing + 1).map((segment) => `${segment}/`);
  return `${method} ${origin}/${constant.join("")}*`;
}

function queryNames({ request }: Trace): string[] {
  const url = parseUrl(request.url);
  return url === null ? [] : queryPairs(url).map(([name]) => name);
}

function bodyNames(body: BodyTemplate | null): string[] {
  if (body === null || body.kind === "text") return [];
  return body.kind === "json" ? jsonNames(body.value) : body.fields.map(([name]) => name);
}

function jsonNames(template: JsonTemplate): string[] {
  switch (template.kind) {
    case "object":
      return template.entries.flatMap(([name, value]) => [name, ...jsonNames(value)]);
    case "array":
      return template.items.flatMap(jsonNames);
    default:
      return [];
  }
}
