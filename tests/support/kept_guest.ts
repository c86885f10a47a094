/**
 * The Worker of the sandbox that serves one script after another, each in a compartment of its own: the realm is locked
 * down once, which takes most of the time of a start. Part of `worker_sandbox.ts`; every message begins with the number
 * of its run.
 */
import { port } from "../../lib/sandbox/guest/realm.ts";
import { inCompartment, lockRealm } from "../../lib/sandbox/guest/confine.ts";
import { makeCookieSession } from "../../lib/sandbox/guest/cookie_session.ts";
import {
  closeWebGlobals,
  dropEvaluators,
  guestGlobals,
  takeWebGlobals,
} from "../../lib/sandbox/guest/globals.ts";
import { makeUserHelpers } from "../../lib/sandbox/guest/helpers.ts";
import { html_forms } from "../../lib/sandbox/guest/html_forms.ts";
import { startScript } from "../../lib/sandbox/guest/run_script.ts";
import type { GuestMessage, WorkerSetup } from "../../lib/sandbox/protocol.ts";

const web = takeWebGlobals();
closeWebGlobals(web);
lockRealm(web);
const Confined = Compartment;
dropEvaluators();

/** What takes the next line of each run. */
const receivers = new Map<number, (line: string) => void>();

port.listen((message) => {
  const [run, sent] = message as [run: number, sent: WorkerSetup | string];
  if (typeof sent === "string") receivers.get(run)?.(sent);
  else setUp(run, sent);
});
port.post("loaded");

/** As `worker.ts` does it. */
function setUp(run: number, { reach, parts, watched }: WorkerSetup): void {
  const post = (message: GuestMessage) => port.post([run, JSON.stringify(message)]);
  const network = { reach, watched, report: post };
  const extra = {
    ...(parts.cookies ? { cookie_session: makeCookieSession(network) } : {}),
    ...(parts.html ? { html_forms } : {}),
  };
  const { helpers, receive } = makeUserHelpers(post);
  const evaluate = inCompartment(Confined, guestGlobals(web, network, helpers, extra));
  receivers.set(run, (line) => {
    receivers.set(run, (answer) => receive(JSON.parse(answer)));
    startScript(JSON.parse(line), evaluate, post);
  });
}
