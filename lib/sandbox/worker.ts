/**
 * The Worker in which a script runs. It may reach the approved hosts and nothing else; inside it the
 * script is confined once more, to a compartment of hardened JavaScript that has only the names given to
 * it. What the script returns or throws leaves as JSON text.
 */
import { port } from "./guest/realm.ts";
import { confine } from "./guest/confine.ts";
import { guestGlobals } from "./guest/globals.ts";
import { makeUserHelpers } from "./guest/helpers.ts";
import type { GuestNetwork } from "./guest/network.ts";
import { startScript } from "./guest/run_script.ts";
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
    startScript(JSON.parse(String(line)) as GuestScript, evaluate, post);
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
