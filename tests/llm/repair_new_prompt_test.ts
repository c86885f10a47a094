/** Repairs after which a login asks for something new: a code that the site wants now, a field under another name. */
import assert from "node:assert/strict";
import { Hono } from "hono";
import { unframedLabel } from "../../lib/base/script_text.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { loginWithFixes } from "../../lib/ops/login_with_fixes.ts";
import { login } from "../../lib/ops/login.ts";
import { Home } from "../../lib/store/home.ts";
import { readAuthRecord } from "../../lib/token/auth_file.ts";
import { readToken } from "../../lib/token/token_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { keysmithWithin } from "../support/keysmith.ts";
import { capture, trace } from "../support/traces.ts";
import { type FakeAnswer, withFakeModel } from "./fake_model.ts";
import { APP, withRecording } from "./recording_home.ts";

const ACCOUNT = {
  email: "nora.vale@mail.example",
  password: "Live-pa55-Quill",
  branch: "harbour-4",
};
const RECORDED = {
  email: "old@mail.example",
  password: "Old-pa55-Fern",
  token: "rec_4Tq7Vb1Nc6Xs",
};
const TOKEN = "live_9Zx4Kp2Lm8Qw";
const CHALLENGE = "chl_7Rt2Wq9Zb4Kd";
const CODE = "604817";

interface Site {
  readonly origin: string;
  /** Bodies of the logins that were sent. */
  readonly sent: string[];
}

async function withSite(
  serve: (web: Hono, sent: string[]) => void,
  work: (site: Site) => Promise<void>,
) {
  const web = new Hono();
  const sent: string[] = [];
  serve(web, sent);
  web.get(
    "/api/me",
    (c) =>
      c.req.header("Authorization") === `Bearer ${TOKEN}`
        ? c.json({ me: ACCOUNT.email })
        : c.json({ error: "who are you" }, 401),
  );
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, web.fetch);
  try {
    await work({ origin: `http://127.0.0.1:${server.addr.port}`, sent });
  } finally {
    await server.shutdown();
  }
}

/** As the site was while recording: e-mail and password for a token. */
function recordingOf(origin: string) {
  const { email, password, token } = RECORDED;
  const me = trace(`GET ${origin}/api/me`, {
    headers: [["Authorization", `Bearer ${token}`]],
    answer: { me: email },
  });
  return capture(
    trace(`POST ${origin}/login`, { json: { email, password }, answer: { token } }),
    me,
    me,
  );
}

interface Repaired {
  readonly site: Site;
  readonly home: Home;
  readonly folder: string;
  /** Labels of the prompts, in order. */
  readonly asked: readonly string[];
  /** What the model was told by its tools. */
  readonly told: readonly string[];
  readonly again: (answers: Readonly<Record<string, string>>) => Promise<readonly string[]>;
}

async function repaired(
  serve: (web: Hono, sent: string[]) => void,
  scripts: (origin: string) => readonly string[],
  answers: Readonly<Record<string, string>>,
  check: (repaired: Repaired) => Promise<void>,
): Promise<void> {
  await withSite(serve, async (site) => {
    await withRecording(recordingOf(site.origin), site.origin, async (folder, home) => {
      const calls = scripts(site.origin).map((script): FakeAnswer => ({
        calls: [["prove_script", { script }]],
      }));
      await withFakeModel(calls, async (model) => {
        const asked: string[] = [];
        const contextWith = (given: Readonly<Record<string, string>>) => {
          const ctx = fakeContext({ home: folder });
          const prompt = (label: string) => {
            asked.push(unframedLabel(label));
            return Promise.resolve(given[unframedLabel(label)] ?? "?");
          };
          return {
            ...ctx,
            env: { get: (name: string) => name === "OPENAI_BASE_URL" ? model.baseURL : undefined },
            term: { ...ctx.term, promptText: prompt, promptSecret: prompt },
          };
        };
        const ctx = contextWith(answers);
        assert.equal((await analyzeAuth(ctx, { app: APP })).result, "script");
        const agree = () => Promise.resolve(true);
        await loginWithFixes(ctx, { app: APP, yes: true, mode: "always", agree });
        for (const secret of [...Object.values(ACCOUNT), TOKEN, CHALLENGE, CODE, RECORDED.token]) {
          assert.ok(!model.sent().includes(secret), `"${secret}" was sent`);
        }
        const told = model.requests.at(-1)!.body.messages.filter(({ role }) => role === "tool")
          .map(({ content }) => content);
        const again = async (given: Readonly<Record<string, string>>) => {
          asked.length = 0;
          await login(contextWith(given), { app: APP, yes: true });
          return asked;
        };
        await check({ site, home, folder, asked: [...asked], told, again });
      });
    });
  });
}

const script = (origin: string, body: string) =>
  `export async function acquire_token() {
  const post = async (path: string, body: unknown) => {
    const answer = await fetch("${origin}" + path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error("the site answered " + answer.status);
    return await answer.json();
  };
  ${body}
  return { headers: { Authorization: "Bearer " + token } };
}`;

const CODED = (path: string) =>
  `const email = await prompt_text("Email");
  const password = await prompt_secret("Password");
  const first = await post("/login", { email, password });
  const { token } = first.token ? first : await post(${path}, {
    challenge: first.challenge, code: await prompt_text("One-time code"),
  });`;

function wantsCode(web: Hono, sent: string[]): void {
  web.post("/login", async (c) => {
    sent.push(await c.req.text());
    return c.json({ challenge: CHALLENGE, next: "/login/code" });
  });
  web.post("/login/code", async (c) => {
    const { challenge, code } = await c.req.json();
    sent.push(code);
    return challenge === CHALLENGE && code === CODE ? c.json({ token: TOKEN }) : c.json({}, 401);
  });
}

Deno.test("a repair asks for the code that the site wants now, and so does the next login without a model", () =>
  repaired(
    wantsCode,
    (origin) => [
      script(origin, CODED('"/verify"')),
      script(origin, CODED("first.next")),
    ],
    { Email: ACCOUNT.email, Password: ACCOUNT.password, "One-time code": CODE },
    async ({ site, home, folder, asked, told, again }) => {
      assert.match(told[0]!, /request POST "\/verify" goes to a place that neither/);
      assert.deepEqual(asked, ["Email", "Password", "One-time code"]);
      assert.deepEqual(site.sent.slice(-1), [CODE]);
      assert.equal((await readToken(home, APP))?.headers["Authorization"], `Bearer ${TOKEN}`);
      const inputs = (await readAuthRecord(home, APP))!.inputs;
      assert.deepEqual(inputs.map(({ label, kind, secret }) => [label, kind, secret]), [
        ["Email", "identifier", false],
        ["Password", "password", true],
        ["One-time code", "one-time-code", false],
      ]);
      const given = { Email: ACCOUNT.email, Password: ACCOUNT.password, "One-time code": CODE };
      assert.deepEqual(await again(given), ["Email", "Password", "One-time code"]);
      const { code, stderr } = await keysmithWithin(
        ["auth", "login", APP, "--answers", "-", "--yes", "--no-llm"],
        { home: folder, stdin: JSON.stringify(given) },
      );
      assert.equal(code, 0, stderr);
    },
  ));

function wantsBranch(web: Hono, sent: string[]): void {
  web.post("/login", async (c) => {
    const text = await c.req.text();
    sent.push(text);
    const { mail, password, branch } = JSON.parse(text);
    if (mail === undefined || branch === undefined) {
      return c.json({ error: "fields are missing", fields: ["mail", "branch"] }, 422);
    }
    const isIn = mail === ACCOUNT.email && password === ACCOUNT.password &&
      branch === ACCOUNT.branch;
    return isIn ? c.json({ token: TOKEN }) : c.json({ error: "wrong" }, 401);
  });
}

const BRANCHED = (fields: string) =>
  `const email = await prompt_text("Email");
  const password = await prompt_secret("Password");
  const branch = await prompt_text("Branch");
  const { token } = await post("/login", { ${fields} });`;

Deno.test("a repair sends a renamed field and one that is new, asked for under a label of its own", () =>
  repaired(
    wantsBranch,
    (origin) => [
      script(origin, BRANCHED("email, password, branch: branch.slice(0, 0) || undefined")),
      script(origin, BRANCHED("mail: email, password, branch")),
    ],
    { Email: ACCOUNT.email, Password: ACCOUNT.password, Branch: ACCOUNT.branch },
    async ({ site, home, asked, told, again }) => {
      assert.match(told[0]!, /^It did not pass:\n- script line 6 failed: Error/);
      assert.deepEqual(asked, ["Email", "Password", "Branch"]);
      assert.deepEqual(JSON.parse(site.sent.at(-1)!), {
        mail: ACCOUNT.email,
        password: ACCOUNT.password,
        branch: ACCOUNT.branch,
      });
      const inputs = (await readAuthRecord(home, APP))!.inputs;
      assert.deepEqual(inputs.map(({ label, kind }) => [label, kind]), [
        ["Email", "identifier"],
        ["Password", "password"],
        ["Branch", "identifier"],
      ]);
      assert.deepEqual(
        await again({
          ...ACCOUNT,
          Email: ACCOUNT.email,
          Password: ACCOUNT.password,
          Branch: ACCOUNT.branch,
        }),
        [
          "Email",
          "Password",
          "Branch",
        ],
      );
    },
  ));

Deno.test("a repaired script that asks for nothing new keeps what the login asks for", () =>
  repaired(
    (web, sent) =>
      web.post("/login", async (c) => {
        sent.push(await c.req.text());
        return c.json({ session: { token: TOKEN } });
      }),
    (origin) => [
      script(
        origin,
        `const email = await prompt_text("Email");
  const password = await prompt_secret("Password");
  const { session: { token } } = await post("/login", { email, password });`,
      ),
    ],
    { Email: ACCOUNT.email, Password: ACCOUNT.password },
    async ({ home }) => {
      const inputs = (await readAuthRecord(home, APP))!.inputs;
      assert.deepEqual(inputs.map(({ label }) => label), ["Email", "Password"]);
    },
  ));
