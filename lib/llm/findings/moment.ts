/** The clock of a recorded request, for expressions over `now()`. */
import { mapAtoms, partsOf } from "../../correlate/expr_walk.ts";
import type { FoundExpr } from "../../correlate/finding.ts";
import type { Generated } from "../../correlate/flow.ts";

/** The expression with each `now()` that no request shows at this moment; `null` where there is none. */
export function atMoment(expr: FoundExpr, nowMs: number): FoundExpr | null {
  const isTimed = (part: FoundExpr) => unitOf(part) !== null;
  return !partsOf(expr).some(isTimed) ? null : mapAtoms(expr, (atom) => {
    const unit = unitOf(atom);
    return unit === null ? atom : { ...atom, recorded: written(unit, nowMs) } as FoundExpr;
  });
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
