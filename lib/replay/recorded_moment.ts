/** The clock and the chance of the recording, for a script that computes with them. */
import type { Generated } from "../correlate/flow.ts";

/** Milliseconds since the Unix epoch: the moment the recorded client wrote, else `fallbackMs`. */
export function recordedMomentMs(generated: readonly Generated[], fallbackMs: number): number {
  for (const { shape, recorded } of generated) {
    if (shape.kind !== "timestamp") continue;
    if (shape.unit === "iso") return Date.parse(recorded);
    return shape.unit === "s" ? Number(recorded) * 1000 : Number(recorded);
  }
  return fallbackMs;
}

/**
 * The script with a first statement that stops its clock at `momentMs` and hands it the recorded UUIDs in
 * their order. No line moves.
 */
export function atRecordedMoment(
  source: string,
  momentMs: number,
  generated: readonly Generated[],
): string {
  const uuids = generated.filter(({ shape }) => shape.kind === "uuid").map(({ recorded }) =>
    recorded
  );
  const clock = `const Date = ((Real) => class extends Real {
    constructor(...given) { given.length === 0 ? super(${momentMs}) : super(...given); }
    static now() { return ${momentMs}; }
  })(globalThis.Date);`;
  const chance = `const crypto = ((real, uuids) => ({
    subtle: real.subtle,
    getRandomValues: (array) => real.getRandomValues(array),
    randomUUID: () => uuids.shift() ?? real.randomUUID(),
  }))(globalThis.crypto, ${JSON.stringify(uuids)});`;
  return `${`${clock} ${chance}`.replace(/\n\s*/g, " ")} ${source.replace(/^\uFEFF/, "")}`;
}
