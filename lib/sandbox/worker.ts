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
} from "./guest/globals.ts";
import { makeUserHelpers } from "./guest/helpers.ts";
import type { GuestNetwork } from "./guest/network.ts";
import { MAX_RESULT_LENGTH } from "./limits.ts";
import { describeThrown, hideStacks, lineOfThrown, SCRIPT_URL } from "./guest/thrown.ts";
import type {
  GuestAnswer,
  GuestMessage,
  GuestParts,
  WorkerSetup,
  WorkerStart,
} from "./protocol.ts";

/** Helpers that exist only when the script names them, because loading them costs time. */
type ExtraHelpers = (network: GuestNetwork) => Record<string, unknown>;

port.listen((message) => void setUp(message as WorkerSetup));
port.post("loaded");

async function setUp({ parts }: WorkerSetup): Promise<void> {
  const extra = await loadExtra(parts);
  port.listen((message) => start(message as WorkerStart, extra));
  port.post("ready");
}

async function loadExtra(parts: GuestParts): Promise<ExtraHelpers> {
  const cookies = parts.cookies ? await import("./guest/cookie_session.ts") : null;
  const html = parts.html ? await import("./guest/html_forms.ts") : null;
  return (network) => ({
    ...(cookies ? { cookie_session: cookies.makeCookieSession(network) } : {}),
    ...(html ? { html_forms: html.html_forms } : {}),
  });
}

function start({ javascript, entry, reach }: WorkerStart, extra: ExtraHelpers): void {
  const post = (message: GuestMessage) => port.post(JSON.stringify(message));
  const fail = (thrown: unknown) => {
    const line = lineOfThrown(thrown);
    post({ kind: "error", ...describeThrown(thrown), line });
  };
  catchUnhandled(fail);
  const { helpers, receive } = makeUserHelpers(post);
  port.listen((answer) => receive(JSON.parse(String(answer)) as GuestAnswer));
  const network: GuestNetwork = { reach, report: post };
  const evaluate = confine((web) => guestGlobals(web, network, helpers, extra(network)));
  run(evaluate, javascript, entry).then((json) => post({ kind: "result", json }), fail);
}

/** Locks the realm down and returns the evaluator of a compartment with the given globals. */
function confine(
  globalsOf: (web: ReturnType<typeof takeWebGlobals>) => Record<string, unknown>,
): (source: string) => unknown {
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
  for (const name of ["Compartment", "Function", "eval"]) {
    Reflect.deleteProperty(compartment.globalThis, name);
  }
  dropEvaluators();
  return (source) => compartment.evaluate(`${source}\n//# sourceURL=${SCRIPT_URL}`);
}

/** Calls the entry point; the result as JSON text. */
async function run(
  evaluate: (source: string) => unknown,
  javascript: string,
  entry: WorkerStart["entry"],
): Promise<string> {
  const script = await evaluate(javascript) as Record<string, (token?: string) => unknown>;
  const result = entry.kind === "acquire"
    ? await script.acquire_token?.()
    : await script.refresh_token?.(entry.refreshToken);
  const json = JSON.stringify(result) ?? "null";
  if (json.length > MAX_RESULT_LENGTH) {
    throw new TypeError(`The result is longer than ${MAX_RESULT_LENGTH} characters as JSON`);
  }
  return json;
}
