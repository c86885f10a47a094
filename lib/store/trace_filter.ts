/** Which traces of a store are wanted, and how SQL says it. */
import { seqOf } from "./trace_rows.ts";

export interface TraceFilter {
  readonly captureId?: string;
  /** Traces of trackers, static assets and preflights too. Default: false. */
  readonly includeNoise?: boolean;
  /** Leave every body `null`, for who looks at the heads of many traces. Default: false. */
  readonly withoutBodies?: boolean;
  /** Leave bodies that are larger `null`, in bytes. Default: none is. */
  readonly maxBodyBytes?: number;
}

export function conditions(filter: TraceFilter): { where: string; values: (string | number)[] } {
  const terms: string[] = [];
  const values: number[] = [];
  if (filter.captureId !== undefined) {
    terms.push("capture = ?");
    values.push(seqOf("c", filter.captureId) ?? -1);
  }
  if (!filter.includeNoise) terms.push("noise IS NULL");
  return { where: terms.length === 0 ? "" : `WHERE ${terms.join(" AND ")}`, values };
}
