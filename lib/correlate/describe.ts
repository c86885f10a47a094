/** Expressions and locators for people; no recorded value in them. */
import type { Explanation } from "./explanation.ts";
import { describeLocator } from "../codec/locators.ts";
import { describeOpened } from "../codec/openers.ts";
import { transformCodec } from "../codec/transforms.ts";
import type { ExplainedValue, Expr } from "./flow.ts";
import { concat, type KnownValues } from "./known_values.ts";
import { isMadeUpPage } from "./made_up_page.ts";
import type { Recording } from "./recording.ts";
import { isOpaque } from "../http/opaque.ts";

/** Segments that look like tokens are not printed. */
export function safePath(path: string): string {
  return path.split("/").map((segment) => isOpaque(segment) ? "…" : segment).join("/");
}

export function describeExpr(
  explanation: Explanation,
  known: KnownValues,
  recording: Recording,
): Pick<ExplainedValue, "from" | "kind"> {
  if (explanation.unexplained) return { from: "nothing in this recording", kind: "unexplained" };
  const from = textOf(explanation.expr, known, recording);
  return {
    from: explanation.why === undefined ? from : `${from}: ${explanation.why}`,
    kind: kindOf(explanation.expr, known),
  };
}

function kindOf(expr: Expr, known: KnownValues): ExplainedValue["kind"] {
  switch (expr.kind) {
    case "constant":
      return "constant";
    case "generated":
      return "generated";
    case "input": {
      const kind = known.inputs.find(({ name }) => name === expr.input)?.kind;
      if (kind === "one-time-code") return "one-time-code";
      return kind === "password" || kind === "identifier" || kind === "api-key"
        ? "credential"
        : "input";
    }
    case "extracted":
    case "refresh-token":
      return "extracted";
    case "concat": {
      const parts = expr.parts.filter((part) => part.kind !== "constant");
      return parts.length === 1 ? kindOf(parts[0]!, known) : "computed";
    }
    case "transform":
    case "call":
      return "computed";
  }
}

/** An expression for people: no recorded value in it. */
function textOf(expr: Expr, known: KnownValues, recording: Recording): string {
  switch (expr.kind) {
    case "constant":
      return "a constant of the client";
    case "input":
      return `typed by the user as "${
        known.inputs.find(({ name }) => name === expr.input)?.label ?? expr.input
      }"`;
    case "generated":
      return "made by the client for this run";
    case "refresh-token":
      return "the refresh token";
    case "extracted": {
      const extraction = known.extractions.find(({ id }) => id === expr.extraction);
      if (extraction === undefined) return `extracted "${expr.extraction}"`;
      const { trace, responseText } = recording.at(Number(extraction.step.slice(1)));
      const lost = isMadeUpPage(responseText)
        ? " (the page was not recorded, what it sent was)"
        : "";
      const opened = extraction.openers.length === 0
        ? ""
        : `, ${describeOpened(extraction.openers)}`;
      return `${trace.id} response ${describeLocator(extraction.locator)}${opened}${lost}`;
    }
    case "concat":
      return concat(expr.parts.filter((part) => part.kind !== "constant")).kind === "concat"
        ? expr.parts.filter((part) => part.kind !== "constant")
          .map((part) => textOf(part, known, recording)).join(" + ")
        : textOf(expr.parts.find((part) => part.kind !== "constant")!, known, recording);
    case "transform":
      return `${transformCodec(expr.op).describe} of ${
        expr.args.map((arg) => textOf(arg, known, recording)).join(" and ")
      }`;
    case "call":
      return [
        `"${expr.function}", a function of the model's,`,
        ...expr.args.length === 0 ? ["of nothing else"] : [
          `of ${expr.args.map((arg) => textOf(arg, known, recording)).join(" and ")}`,
        ],
      ].join(" ");
  }
}
