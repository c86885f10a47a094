/** One process of the refresh storm: `storm_worker.ts HOME APP`. */
import { automaticLogin } from "../lib/ops/automatic_login.ts";
import { openHome } from "../lib/store/home.ts";
import { usableToken } from "../lib/token/cascade.ts";
import { refresh } from "../lib/token/run_script.ts";
import { fakeContext } from "../tests/support/fake_context.ts";
import { stormConfig } from "./storm_config.ts";
import { waitForGo } from "./waiting_process.ts";
// Loaded before the start, so that the storm is about refreshing and not about loading modules.
import "../lib/sandbox/host.ts";
import "../lib/script/prepare.ts";

const [root = "", app = ""] = Deno.args;
const config = stormConfig(root);
const hasAnswers = await Deno.stat(config).then(() => true, () => false);
const ctx = Object.assign(fakeContext({ home: root, nowMs: Date.now() }), {
  configOption: hasAnswers ? config : undefined,
});
const home = openHome(ctx);
await waitForGo();
try {
  const token = await usableToken(ctx, home, app, {
    ...(hasAnswers ? { login: automaticLogin(ctx, home, app) } : {}),
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
