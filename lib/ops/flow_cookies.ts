/** The cookies of a flow: which answer hands each of them out. */
import type { Step } from "../correlate/flow.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { responseCookies } from "../http/cookies.ts";
import type { Trace } from "../http/exchange.ts";
import type { RecordedMask } from "./recorded_mask.ts";

/** A cookie that an answer of the flow sets. */
export interface JarCookie {
  readonly name: string;
  readonly value: string;
  /** `cookie sid`, `cookie sid 2`. */
  readonly label: string;
  readonly step: string;
  readonly trace: string;
  readonly index: number;
}

/** In the order they are set; a cookie that an answer only repeats is left out. */
export function jarCookies(
  steps: readonly Step[],
  traces: ReadonlyMap<string, Trace>,
  mask: RecordedMask,
): JarCookie[] {
  const cookies: JarCookie[] = [];
  const labels = new Map<string, number>();
  for (const [index, step] of steps.entries()) {
    for (
      const { name, value } of responseCookies(traces.get(step.trace)?.response?.headers ?? [])
    ) {
      const isRepeated = cookies.some((cookie) => cookie.name === name && cookie.value === value);
      if (value === "" || isRepeated || isBystanderCookie(name)) continue;
      const base = `cookie ${mask.name(name)}`;
      const number = (labels.get(base) ?? 0) + 1;
      labels.set(base, number);
      const label = number === 1 ? base : `${base} ${number}`;
      cookies.push({ name, value, label, step: step.id, trace: step.trace, index });
    }
  }
  return cookies;
}
