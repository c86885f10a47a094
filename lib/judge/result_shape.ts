/** Whether a script hands over what is demanded of it, and says how long that lasts. */
import { requestCookies } from "../http/cookies.ts";
import type { DemandedResult } from "./demands.ts";
import { type Objection, objectionTo } from "./finding.ts";
import type { RunResult } from "./run.ts";

/** A lifetime may differ from the recorded one by this share, or by the seconds below. */
const LIFETIME_TOLERANCE = 0.2;
const MIN_TOLERANCE_SEC = 10;

/** @rule off: [] */
export function resultShape(result: RunResult | null, demanded: DemandedResult): Objection[] {
  if (result === null) return [];
  const headers = new Set(Object.keys(result.headers).map((name) => name.toLowerCase()));
  const cookies = new Set(requestCookies(Object.entries(result.headers)).map(([name]) => name));
  const parameters = new Set(result.parameters.map(([name]) => name));
  const isMissing = (where: string) => objectionTo(`result ${where}`, "is missing");
  return [
    ...demanded.headers.filter((name) => !headers.has(name.toLowerCase()))
      .map((name) => isMissing(`header "${name}"`)),
    ...demanded.cookies.filter((name) => !cookies.has(name))
      .map((name) => isMissing(`cookie "${name}"`)),
    ...demanded.parameters.filter((name) => !parameters.has(name))
      .map((name) => isMissing(`parameter "${name}"`)),
    ...result.computed.length < demanded.computed * 2 ? [isMissing("computed credential")] : [],
    ...demanded.refreshToken && !parameters.has("refresh_token")
      ? [isMissing("refresh_token")]
      : [],
    ...lifetime(result.expiresInSec, demanded.lifetimeSec)
      .map((problem) => objectionTo("result expires_in", problem)),
  ];
}

/** @rule off: [] */
function lifetime(given: number | undefined, recorded: number | null): string[] {
  if (given === undefined) return [];
  if (!(given > 0)) return ["is not a positive number of seconds"];
  if (recorded === null) return [];
  const tolerance = Math.max(MIN_TOLERANCE_SEC, recorded * LIFETIME_TOLERANCE);
  return Math.abs(given - recorded) > tolerance
    ? ["is far from the lifetime in the recording"]
    : [];
}
