/** A script evaluated and called; what it returns or throws leaves as a message. */
import { MAX_RESULT_LENGTH } from "../limits.ts";
import type { GuestMessage, GuestScript } from "../protocol.ts";
import type { Evaluate } from "./confine.ts";
import { catchUnhandled } from "./realm.ts";
import { describeThrown, lineOfThrown } from "./thrown.ts";

export function startScript(
  script: GuestScript,
  evaluate: Evaluate,
  post: (message: GuestMessage) => void,
): void {
  const fail = (thrown: unknown) => {
    const line = lineOfThrown(thrown);
    post({ ...describeThrown(thrown), kind: "error", line });
  };
  const unhandledReported = catchUnhandled(fail);
  run(script, evaluate).then(async (json) => {
    await unhandledReported();
    post({ kind: "result", json });
  }).catch(fail);
}

/** Calls the entry point; the result as JSON text. */
async function run({ javascript, entry }: GuestScript, evaluate: Evaluate): Promise<string> {
  const script = await evaluate(javascript) as Record<string, unknown>;
  const name = entry.kind === "acquire" ? "acquire_token" : "refresh_token";
  const call = script[name];
  if (typeof call !== "function") throw new TypeError(`\`${name}\` is not a function`);
  const result: unknown =
    await (entry.kind === "acquire" ? call() : call(entry.refreshToken, entry.proofKey));
  const json = JSON.stringify(result) ?? "null";
  if (json.length > MAX_RESULT_LENGTH) {
    throw new TypeError(`The result is longer than ${MAX_RESULT_LENGTH} characters as JSON`);
  }
  return json;
}
