/** Why a login failed, told by the command line: by status, kind of answer and words, not by the look of it. */
import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { changingLogin, type Stub } from "../../fixtures/apps/sessions/changing_login.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP } from "../support/login_trial.ts";
import { withSessionDesk } from "../support/session_desk.ts";

const at = (path: string, answer: () => Response): Stub => (asked) =>
  asked === path ? answer() : undefined;

const FAILURES: readonly {
  readonly what: string;
  readonly stub: Stub;
  readonly password?: string;
  readonly exit: number;
  readonly code: string;
  readonly reason?: string;
}[] = [
  {
    what: "a wrong password beside a flag that is not set",
    stub: () => undefined,
    password: "wrong",
    exit: 3,
    code: "AUTH_REFUSED",
    reason: "refused",
  },
  {
    what: "a field that the site has renamed",
    stub: at(
      "/login",
      () => Response.json({ errors: { login: ["is required"] } }, { status: 422 }),
    ),
    exit: 1,
    code: "SCRIPT_FAILED",
  },
  {
    what: "a refusal of the step behind the login",
    stub: at("/exchange", () => Response.json({ message: "Unauthorized" }, { status: 401 })),
    exit: 1,
    code: "SCRIPT_FAILED",
  },
  {
    what: "a user that the site does not find",
    stub: at("/login", () => Response.json({ message: "User not found" }, { status: 404 })),
    exit: 3,
    code: "AUTH_REFUSED",
    reason: "refused",
  },
  {
    what: "a site under maintenance",
    stub: at(
      "/login",
      () =>
        new Response("<h1>Down for maintenance</h1>", { headers: { "Content-Type": "text/html" } }),
    ),
    exit: 5,
    code: "UPSTREAM_FAILED",
  },
];

Deno.test("auth login tells why it failed", async (t) => {
  const { app, change } = changingLogin();
  await withSessionDesk(app, async ({ ctx, home }) => {
    await analyzeAuth(ctx, { app: APP });
    for (const { what, stub, password = SECOND.password, exit, code, reason } of FAILURES) {
      await t.step(what, async () => {
        change(stub);
        const stdin = JSON.stringify({ text: SECOND.username, secret: password });
        const args = ["auth", "login", APP, "--answers", "-", "--yes", "--no-llm", "--json"];
        const { code: exited, stdout, stderr } = await testedKeysmith(args, { home, stdin });
        const { error } = JSON.parse(stdout);
        assert.equal(error.code, code, stdout + stderr);
        assert.equal(exited, exit);
        if (reason !== undefined) assert.equal(error.details.reason, reason);
      });
    }
  });
});
