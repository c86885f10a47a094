/**
 * The Worker in which a script runs. It may reach the approved hosts and nothing else; inside it the
 * script is confined once more, to a compartment of hardened JavaScript that has only the names given to
 * it. What the script returns or throws leaves as JSON text.
 */
import { catchUnhandled, port } from "./guest/realm.ts";
import "ses";
import {
  closeWebGlobals,
  dropEvaluators,
  guestGlobals,
  hardenWebGlobals,
  takeWebGlobals,
  type WebGlobals,
} from "./guest/globals.ts";
import { makeUserHelpers } from "./guest/helpers.ts";
import type { GuestNetwork } from "./guest/network.ts";
import { describeThrown, hideStacks, lineOfThrown, SCRIPT_URL } from "./guest/thrown.ts";
import { MAX_RESULT_LENGTH } from "./limits.ts";
import type {
  GuestAnswer,
  GuestMessage,
  GuestParts,
  GuestScript,
  WorkerSetup,
} from "./protocol.ts";

port.listen((message) => void setUp(message as WorkerSetup));
port.post("loaded");

/** Everything that can be done before the script is known. */
async function setUp({ reach, parts, watched }: WorkerSetup): Promise<void> {
  const post = (message: GuestMessage) => port.post(JSON.stringify(message));
  const network: GuestNetwork = { reach, watched, report: post };
  const extra = await loadExtra(parts, network);
  const { helpers, receive } = makeUserHelpers(post);
  const evaluate = confine((web) => guestGlobals(web, network, helpers, extra));
  port.listen((line) => {
    port.listen((answer) => receive(JSON.parse(String(answer)) as GuestAnswer));
    start(JSON.parse(String(line)) as GuestScript, evaluate, post);
  });
  port.post("ready");
}

/** Helpers that exist only when the script names them, because loading them costs time. */
async function loadExtra(
  parts: GuestParts,
  network: GuestNetwork,
): Promise<Record<string, unknown>> {
  const cookies = parts.cookies ? await import("./guest/cookie_session.ts") : null;
  const html = parts.html ? await import("./guest/html_forms.ts") : null;
  return {
    ...(cookies ? { cookie_session: cookies.makeCookieSession(network) } : {}),
    ...(html ? { html_forms: html.html_forms } : {}),
  };
}

type Evaluate = (source: string) => unknown;

/** Locks the realm down and returns the evaluator of a compartment with the given globals. */
function confine(globalsOf: (web: WebGlobals) => Record<string, unknown>): Evaluate {
  const web = takeWebGlobals();
  closeWebGlobals(web);
  Reflect.set(globalThis, "console", {}); // ses insists on one
  lockdown({
    reporting: "none",
    errorTrapping: "none",
    unhandledRejectionTrapping: "none",
    consoleTaming: "unsafe",
    localeTaming: "unsafe",
    overrideTaming: "severe",
  });
  hideStacks();
  hardenWebGlobals(web);
  const compartment = new Compartment({ globals: harden(globalsOf(web)), __options__: true });
  for (const name of ["Compartment", "Function", "eval", "harden", "lockdown"]) {
    Reflect.deleteProperty(compartment.globalThis, name);
  }
  dropEvaluators();
  // What looks like a direct eval to ses may be text, and there is no eval to call.
  const options = { __rejectSomeDirectEvalExpressions__: false };
  return (source) => compartment.evaluate(`${source}\n//# sourceURL=${SCRIPT_URL}`, options);
}

function start(
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
