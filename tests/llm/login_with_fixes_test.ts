import assert from "node:assert/strict";
import type { Context } from "../../lib/base/context.ts";
import { AppError } from "../../lib/base/error.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import type { ShownPrompts } from "../../lib/ops/analyze_with_model.ts";
import { loginWithFixes } from "../../lib/ops/login_with_fixes.ts";
import type { ModelMode } from "../../lib/ops/model_access.ts";
import { RememberedAnswers } from "../../lib/ops/remembered_answers.ts";
import { Home } from "../../lib/store/home.ts";
import { readTextFile } from "../../lib/store/atomic.ts";
import { readToken } from "../../lib/token/token_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { capture, trace } from "../support/traces.ts";
import { APP, withRecording } from "./recording_home.ts";
import { type FakeAnswer, type FakeModel, withFakeModel } from "./fake_model.ts";

const LIVE = {
  email: "nora.vale@mail.example",
  password: "Live-pa55-Quill",
  token: "live_9Zx4Kp2Lm8Qw",
};

interface Site {
  readonly origin: string;
  readonly logins: string[];
}

/** What the site answers to a login, today. */
type Answer = (credentials: { email: string; password: string }) => Response;

async function withSite(answer: Answer, work: (site: Site) => Promise<void>): Promise<void> {
  const logins: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      if (new URL(request.url).pathname === "/login") {
        const text = await request.text();
        logins.push(text);
        return answer(JSON.parse(text));
      }
      const isIn = request.headers.get("authorization") === `Bearer ${LIVE.token}`;
      return isIn ? Response.json({ me: LIVE.email }) : new Response("no", { status: 401 });
    },
  );
  try {
    await work({ origin: `http://127.0.0.1:${server.addr.port}`, logins });
  } finally {
    await server.shutdown();
  }
}

function recordingOf(origin: string) {
  const me = trace(`GET ${origin}/api/me`, {
    headers: [["Authorization", "Bearer rec_4Tq7Vb1Nc6Xs"]],
    answer: { me: "old@mail.example" },
  });
  return capture(
    trace(`POST ${origin}/login`, {
      json: { email: "old@mail.example", password: "Old-pa55-Fern" },
      answer: { token: "rec_4Tq7Vb1Nc6Xs" },
    }),
    me,
    me,
  );
}

const fixed = (origin: string, take = "answer.token ?? answer.session.token") =>
  `export async function acquire_token() {
  const email = await prompt_text("Email");
  const password = await prompt_secret("Password");
  const response = await fetch("${origin}/login", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email, password }),
  });
  const answer = await response.json();
  debug("keys", Object.keys(answer).join(), answer);
  const token = ${take};
  return { headers: { Authorization: "Bearer " + token } };
}`;

const moved: Answer = () => Response.json({ session: { token: LIVE.token, owner: "Nora Vale" } });

interface Trial {
  readonly ctx: Context & { asked: string[]; lines: string[] };
  readonly home: Home;
  readonly site: Site;
  readonly model: FakeModel;
  readonly questions: string[];
  login(options?: Partial<TrialOptions>): Promise<unknown>;
}

interface TrialOptions {
  readonly mode: ModelMode;
  readonly agree: boolean;
  readonly showPrompts: (prompts: ShownPrompts) => void;
}

async function trial(
  answer: Answer,
  answers: (origin: string) => readonly FakeAnswer[],
  work: (trial: Trial) => Promise<void>,
): Promise<void> {
  await withSite(answer, async (site) => {
    await withRecording(recordingOf(site.origin), site.origin, async (folder, home) => {
      const script = answers(site.origin);
      await withFakeModel(script, async (model) => {
        const ctx = {
          ...fakeContext({
            home: folder,
            answers: [LIVE.email, LIVE.password, "x", "y", "z", "w"],
          }),
          env: {
            get: (name: string) =>
              ({ HOME: folder, OPENAI_BASE_URL: model.baseURL } as Record<string, string>)[name],
          },
        };
        const { result, reasons } = await analyzeAuth(ctx, { app: APP });
        assert.equal(result, "script", reasons.join("\n"));
        const questions: string[] = [];
        const login: Trial["login"] = ({ mode = "auto", agree = true, showPrompts } = {}) =>
          loginWithFixes(ctx, {
            app: APP,
            yes: true,
            mode,
            agree: (question) => {
              questions.push(question);
              return Promise.resolve(agree);
            },
            ...(showPrompts === undefined ? {} : { showPrompts }),
          });
        await work({ ctx, home, site, model, questions, login });
        for (
          const secret of [...Object.values(LIVE), "Nora", "Old-pa55-Fern", "old@mail", "rec_4Tq7"]
        ) {
          assert.ok(!model.sent().includes(secret), `"${secret}" was sent`);
        }
      });
    });
  });
}

const proves = (script: string): FakeAnswer => ({ calls: [["prove_script", { script }]] });

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof AppError && error.code === code;
}

Deno.test("loginWithFixes() has a broken script rewritten and logs in with what was typed before", () =>
  trial(
    moved,
    (origin) => [proves(fixed(origin))],
    async ({ ctx, home, site, model, questions, login }) => {
      await login();
      assert.equal(site.logins.length, 2);
      assert.deepEqual(ctx.asked.filter((label) => label.startsWith("[")), [
        "[shop] Email",
        "[shop] Password",
      ]);
      assert.equal(questions.length, 1);
      assert.match(questions[0]!, /Have the model fix it, then log in once more\?/);
      assert.equal((await readToken(home, APP))?.headers["Authorization"], `Bearer ${LIVE.token}`);
      assert.match(model.requests[0]!.text, /The answer holds no token/);
      assert.ok(await readTextFile(home.appFile(APP, "auth_acquire.broken.ts")));
    },
  ));

Deno.test("loginWithFixes() tells a model what debug() printed, without a live value", () =>
  trial(
    moved,
    (
      origin,
    ) => [
      proves(
        fixed(
          origin,
          "answer.token ?? (() => { throw new Error('still no ' + JSON.stringify(answer)) })()",
        ),
      ),
      proves(fixed(origin)),
    ],
    async ({ site, model, login }) => {
      await login();
      assert.equal(site.logins.length, 3);
      assert.match(model.requests[1]!.text, /What debug\(\) printed.*keys/s);
    },
  ));

Deno.test("loginWithFixes() tries the site no more often than the user agreed to", () =>
  trial(moved, () => [], async ({ site, model, questions, login }) => {
    await assert.rejects(login({ agree: false }), isCode("SCRIPT_FAILED"));
    assert.deepEqual([site.logins.length, model.requests.length, questions.length], [1, 0, 1]);
    await assert.rejects(login({ mode: "never" }), isCode("SCRIPT_FAILED"));
    assert.deepEqual([site.logins.length, model.requests.length, questions.length], [2, 0, 1]);
  }));

const NOT_THE_SCRIPT: readonly { what: string; answer: Answer; code: string }[] = [
  {
    what: "refused credentials",
    answer: () => Response.json({ error: "wrong" }, { status: 401 }),
    code: "AUTH_REFUSED",
  },
  {
    what: "a site that is down",
    answer: () => new Response("down", { status: 503 }),
    code: "UPSTREAM_FAILED",
  },
];

for (const { what, answer, code } of NOT_THE_SCRIPT) {
  Deno.test(`loginWithFixes() asks no model about ${what}`, () =>
    trial(answer, () => [], async ({ site, model, questions, login }) => {
      await assert.rejects(login({ mode: "always" }), isCode(code));
      assert.deepEqual([site.logins.length, model.requests.length, questions.length], [1, 0, 0]);
    }));
}

Deno.test("loginWithFixes() does not try a script that the recording speaks against", () =>
  trial(
    moved,
    (origin) => [proves(fixed(origin, "answer.session.token")), ...Array(3).fill({ text: "no" })],
    async ({ ctx, site, login }) => {
      await assert.rejects(login(), isCode("SCRIPT_FAILED"));
      assert.equal(site.logins.length, 1);
      assert.match(ctx.lines.join("\n"), /model: the model answered without a script/);
    },
  ));

Deno.test("loginWithFixes() shows the prompts of a fix in place of sending them", () =>
  trial(moved, () => [], async ({ site, model, login }) => {
    const shown: ShownPrompts[] = [];
    await assert.rejects(
      login({ showPrompts: (prompts) => void shown.push(prompts) }),
      isCode("SCRIPT_FAILED"),
    );
    assert.deepEqual([site.logins.length, model.requests.length], [1, 0]);
    const text = JSON.stringify(shown);
    assert.match(text, /The error/);
    for (const secret of Object.values(LIVE)) assert.ok(!text.includes(secret));
  }));

Deno.test("RememberedAnswers keeps what lasts, once, and never a code", async () => {
  const ctx = fakeContext({ answers: ["me", "pw", "111111", "222222", "other", "333333", "text"] });
  const input = (label: string, kind: "identifier" | "password" | "one-time-code") =>
    ({ name: label, label, kind, secret: kind === "password" }) as const;
  const answers = new RememberedAnswers(ctx.term, [
    input("Username", "identifier"),
    input("Password", "password"),
    input("One-time code", "one-time-code"),
  ]);
  const ask = async () => [
    await answers.promptText("[shop] Username"),
    await answers.promptSecret("[shop] Password"),
    await answers.promptText("[shop] One-time code"),
  ];
  assert.deepEqual(await ask(), ["me", "pw", "111111"]);
  answers.keep();
  assert.deepEqual(await ask(), ["me", "pw", "222222"]);
  assert.equal(await answers.promptSecret("[shop] Password"), "other");
  answers.keep();
  assert.deepEqual((await ask()).slice(0, 2), ["me", "other"]);
  assert.equal(await answers.promptText("[shop] Login password code"), "text");
});
