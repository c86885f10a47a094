/** The clock of a recorded request, for expressions over `now()`. */
import { type FoundExpr, foundParts } from "../../correlate/finding.ts";
import type { Generated } from "../../correlate/flow.ts";

/** The expression with each `now()` that no request shows at this moment; `null` where there is none. */
export function atMoment(expr: FoundExpr, nowMs: number): FoundExpr | null {
  return foundParts(expr).some((part) => unitOf(part) !== null) ? timed(expr, nowMs) : null;
}

function timed(expr: FoundExpr, nowMs: number): FoundExpr {
  const unit = unitOf(expr);
  if (expr.kind === "made" && unit !== null) return { ...expr, recorded: written(unit, nowMs) };
  if (expr.kind === "concat") {
    return { ...expr, parts: expr.parts.map((part) => timed(part, nowMs)) };
  }
  return "args" in expr ? { ...expr, args: expr.args.map((arg) => timed(arg, nowMs)) } : expr;
}

type Unit = Extract<Generated["shape"], { kind: "timestamp" }>["unit"];

function unitOf(expr: FoundExpr): Unit | null {
  const isOpen = expr.kind === "made" && expr.recorded === "";
  return isOpen && expr.shape.kind === "timestamp" ? expr.shape.unit : null;
}

function written(unit: Unit, nowMs: number): string {
  if (unit === "iso") return new Date(nowMs).toISOString();
  return String(unit === "s" ? Math.floor(nowMs / 1000) : nowMs);
}
