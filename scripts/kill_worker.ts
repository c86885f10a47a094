/** One process to be killed: `kill_worker.ts VERB HOME APP [FILE]`, with VERB as in `kill_test.ts`. */
import { importCapture } from "../lib/ops/import_capture.ts";
import { login } from "../lib/ops/login.ts";
import { refreshToken } from "../lib/ops/refresh_token.ts";
import { setToken } from "../lib/ops/set_token.ts";
import { fakeContext } from "../tests/support/fake_context.ts";
import { PASSWORD } from "../tests/support/provider.ts";
import { waitForGo } from "./waiting_process.ts";
// Loaded before the start, so that the kill hits the work and not the loading of modules.
import "../lib/sandbox/host.ts";
import "../lib/script/prepare.ts";

const [verb, home = "", app = "", file = ""] = Deno.args;
const ctx = fakeContext({ home, nowMs: Date.now(), answers: ["ada", PASSWORD] });
const verbs: Record<string, () => Promise<unknown>> = {
  login: () => login(ctx, { app, yes: true, unproven: true }),
  refresh: () => refreshToken(ctx, { app }),
  set: () => setToken(ctx, { app, yes: true, text: `set-token-${crypto.randomUUID()}` }),
  import: () => importCapture(ctx, { app, files: [file], allowSanitised: true }),
};
await waitForGo();
await verbs[verb ?? ""]!();
console.log("done");
Deno.exit();
