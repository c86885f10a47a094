/** Expressions and locators for people; no recorded value in them. */
import type { Explanation } from "./explanation.ts";
import { describeLocator } from "../codec/locators.ts";
import { describeOpened } from "../codec/openers.ts";
import { transformCodec } from "../codec/transforms.ts";
import { changing, tellingOf } from "./expr.ts";
import type { ExplainedValue, Expr } from "./flow.ts";
import { type KnownValues, messageOf } from "./known_values.ts";
import { isMadeUpPage } from "./made_up_page.ts";
import type { Recording } from "./recording.ts";
import { isOpaque } from "../http/opaque.ts";

/** Segments that look like tokens are not printed. */
export function safePath(path: string): string {
  return path.split("/").map((segment) => isOpaque(segment) ? "…" : segment).join("/");
}

export function describeExpr(
  { expr, unexplained, why }: Explanation,
  known: KnownValues,
  recording: Recording,
): Pick<ExplainedValue, "from" | "kind"> {
  if (unexplained) return { from: "nothing in this recording", kind: "unexplained" };
  const from = textOf(expr, known, recording);
  return { from: why === undefined ? from : `${from}: ${why}`, kind: kindOf(expr, known) };
}

function kindOf(expr: Expr, known: KnownValues): ExplainedValue["kind"] {
  const one = tellingOf(expr);
  switch (one.kind) {
    case "constant":
    case "generated":
    case "extracted":
      return one.kind;
    case "refresh-token":
      return "extracted";
    case "input": {
      const kind = known.inputs.find(({ name }) => name === one.input)?.kind;
      if (kind === "one-time-code") return kind;
      return kind === "password" || kind === "identifier" || kind === "api-key"
        ? "credential"
        : "input";
    }
    default:
      return "computed";
  }
}

function textOf(expr: Expr, known: KnownValues, recording: Recording): string {
  const text = (part: Expr) => textOf(part, known, recording);
  switch (expr.kind) {
    case "constant":
      return "a constant of the client";
    case "input": {
      const input = known.inputs.find(({ name }) => name === expr.input);
      return `typed by the user as "${input?.label ?? expr.input}"`;
    }
    case "generated":
      return "made by the client for this run";
    case "refresh-token":
      return "the refresh token";
    case "extracted": {
      const extraction = known.extractionOf(expr)!;
      const { locator, openers } = extraction;
      const { trace, responseText } = recording.at(messageOf(extraction));
      const opened = openers.length === 0 ? "" : `, ${describeOpened(openers)}`;
      return `${trace.id} response ${describeLocator(locator)}${opened}${
        isMadeUpPage(responseText) ? " (the page was not recorded, what it sent was)" : ""
      }`;
    }
    case "concat":
      return changing(expr.parts).map(text).join(" + ");
    case "transform":
      return `${transformCodec(expr.op).describe} of ${expr.args.map(text).join(" and ")}`;
    case "call": {
      const args = expr.args.map(text).join(" and ") || "nothing else";
      return `"${expr.function}", a function of the model's, of ${args}`;
    }
  }
}
