/** One process of the refresh storm: `storm_worker.ts HOME APP`. */
import { openHome } from "../lib/store/home.ts";
import { usableToken } from "../lib/token/cascade.ts";
import { refresh } from "../lib/token/run_script.ts";
import { fakeContext } from "../tests/support/fake_context.ts";
import { waitForGo } from "./waiting_process.ts";
// Loaded before the start, so that the storm is about refreshing and not about loading modules.
import "../lib/sandbox/host.ts";
import "../lib/script/prepare.ts";

const [root = "", app = ""] = Deno.args;
const ctx = fakeContext({ home: root, nowMs: Date.now() });
await waitForGo();
try {
  const token = await usableToken(ctx, openHome(ctx), app, {
    run: (run, refreshToken) => {
      console.log(JSON.stringify({ kind: "refreshing" }));
      return refresh(ctx, run, refreshToken);
    },
  });
  console.log(JSON.stringify({ kind: "token", header: token.headers["Authorization"] }));
} catch (error) {
  console.log(JSON.stringify({ kind: "failed", problem: String(error) }));
}
Deno.exit();
