import assert from "node:assert/strict";
import type { Context } from "../../lib/base/context.ts";
import { AppError } from "../../lib/base/error.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import type { ShownPrompts } from "../../lib/ops/analyze_with_model.ts";
import { loginWithFixes, type RepairQuestion } from "../../lib/ops/login_with_fixes.ts";
import type { ModelMode } from "../../lib/ops/model_access.ts";
import { RememberedAnswers } from "../../lib/ops/remembered_answers.ts";
import { Home } from "../../lib/store/home.ts";
import { readTextFile } from "../../lib/store/atomic.ts";
import { readAuthRecord } from "../../lib/token/auth_file.ts";
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
  readonly questions: RepairQuestion[];
  login(options?: Partial<TrialOptions>): Promise<unknown>;
}

interface TrialOptions {
  readonly mode: ModelMode;
  readonly agree: (question: RepairQuestion) => boolean;
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
            answers: [LIVE.email, LIVE.password, "x", "y", "z", "w", "v", "u"],
          }),
          env: {
            get: (name: string) =>
              ({ HOME: folder, OPENAI_BASE_URL: model.baseURL } as Record<string, string>)[name],
          },
        };
        const { result, reasons } = await analyzeAuth(ctx, { app: APP });
        assert.equal(result, "script", reasons.join("\n"));
        const questions: RepairQuestion[] = [];
        const login: Trial["login"] = ({ mode = "auto", agree = () => true, showPrompts } = {}) =>
          loginWithFixes(ctx, {
            app: APP,
            yes: true,
            mode,
            agree: (question) => {
              questions.push(question);
              if (questions.length > 9) throw new Error(ctx.lines.join("\n"));
              return Promise.resolve(agree(question));
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

const about = (questions: readonly RepairQuestion[]) => questions.map((question) => question.about);

Deno.test("loginWithFixes() has a broken script repaired and logs in with what was typed before", () =>
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
      assert.deepEqual(about(questions), ["model", "site"]);
      assert.match(
        questions[0]!.text,
        /holds no token.*look for a repair\? Nothing is tried at the site/,
      );
      assert.match(questions[1]!.text, /one attempt was made; the site may count this one, too/);
      assert.equal((await readToken(home, APP))?.headers["Authorization"], `Bearer ${LIVE.token}`);
      assert.ok(await readTextFile(home.appFile(APP, "auth_acquire.broken.ts")));
      const [{ content } = { content: "" }] = model.requests[0]!.body.messages.slice(1);
      assert.match(
        content,
        /# The error\n\nscript line \d+ failed: Error: The answer holds no token/,
      );
      assert.match(content, /- live_1, recorded as t_0001: no longer holds /);
      assert.match(content, /^live_1 POST \S+\/login → 200/m);
      assert.match(content, /async function acquire_token\(\): Promise<AuthResult>/);
    },
  ));

Deno.test("loginWithFixes() holds a repair to what the site answers now, where it changed", () =>
  trial(
    moved,
    (origin) => [
      { calls: [["inspect_trace", { id: "live_1", part: "response.body" }]] },
      proves(fixed(origin, "answer.session.tokens")),
      proves(fixed(origin, "answer.session.token")),
    ],
    async ({ site, model, login, home }) => {
      await login({ mode: "always" });
      assert.equal(site.logins.length, 2);
      const told = model.requests.at(-1)!.body.messages.filter(({ role }) => role === "tool");
      assert.match(told[0]!.content, /"session":\{"token":"‹secret#\d+ /);
      assert.match(told[1]!.content, /result holds nothing that an answer of the site handed out/);
      const record = await readAuthRecord(home, APP);
      assert.equal(record?.proof?.passed, true);
      assert.ok(
        record.proof.assumptions.some(({ why }) => /held to what the site answered/.test(why)),
      );
    },
  ));

Deno.test("loginWithFixes() holds a repair to what the site was sent where it answered", () =>
  trial(
    moved,
    (origin) => [
      proves(fixed(origin).replace("{ email, password })", '{ email, password: "x" + password })')),
      proves(fixed(origin).replace("{ email, password })", '{ email, password, zork: "x" })')),
      proves(fixed(origin)),
    ],
    async ({ site, model, login }) => {
      await login({ mode: "always" });
      assert.deepEqual(site.logins.map((text) => JSON.parse(text).password), [
        LIVE.password,
        LIVE.password,
      ]);
      const told = model.requests.at(-1)!.body.messages.filter(({ role }) => role === "tool");
      assert.match(
        told[0]!.content,
        /body password is not what the site was sent when it answered/,
      );
      assert.match(told[1]!.content, /body \S+ is sent, and neither the recording nor an answer/);
    },
  ));

const demanding: Answer = (credentials) =>
  "device" in credentials
    ? Response.json({ token: LIVE.token })
    : Response.json({ error: "device is required", field: "device" }, { status: 422 });

Deno.test("loginWithFixes() lets a repair send what the site asks for now, and one that sends it again fails", () =>
  trial(
    demanding,
    (origin) => [
      proves(fixed(origin, "answer.token.trim()")),
      proves(fixed(origin).replace("{ email, password })", '{ email, password, device: "web" })')),
    ],
    async ({ site, model, login, home }) => {
      await login({ mode: "always" });
      assert.deepEqual(site.logins.map((text) => JSON.parse(text).device), [undefined, "web"]);
      const told = model.requests.at(-1)!.body.messages.filter(({ role }) => role === "tool");
      assert.match(told[0]!.content, /script line \d+ failed: TypeError/);
      assert.equal((await readToken(home, APP))?.headers["Authorization"], `Bearer ${LIVE.token}`);
    },
  ));

const twoKeys: Answer = () =>
  Response.json({ session: { key: "sess_5Hd8Nq2Wz7", token: LIVE.token } });

Deno.test("loginWithFixes() goes on until it works, each try at the site by the user's word", () => {
  return trial(
    twoKeys,
    (origin) => [
      proves(fixed(origin, "answer.session.key")),
      { text: "I see nothing." },
      { text: "Nothing." },
      { text: "Nothing at all." },
      proves(fixed(origin)),
    ],
    async ({ ctx, site, model, questions, login }) => {
      await login();
      assert.equal(site.logins.length, 3);
      assert.deepEqual(about(questions), ["model", "site", "model", "model", "site"]);
      assert.match(questions[2]!.text, /yielded credentials that the API does not accept/);
      assert.match(questions[3]!.text, /It found no repair \(\d+ requests.*Have it look again\?/);
      assert.match(questions[4]!.text, /2 attempts were made/);
      assert.match(ctx.lines.join("\n"), /model: it said last: "Nothing at all\."/);
      assert.ok(!model.sent().includes("sess_5Hd8"));
    },
  );
});

Deno.test("loginWithFixes() tells a model what debug() printed, as far as the script holds it", () =>
  trial(
    twoKeys,
    (origin) => [
      proves(fixed(origin, "answer.session.key")),
      proves(fixed(origin)),
    ],
    async ({ site, model, login }) => {
      await login();
      assert.equal(site.logins.length, 3);
      assert.match(model.requests[1]!.text, /What debug\(\) printed\\n\\nkeys …/s);
    },
  ));

Deno.test("loginWithFixes() tries nothing that the user does not agree to", () =>
  trial(moved, (origin) => [proves(fixed(origin))], async ({ site, model, questions, login }) => {
    await assert.rejects(login({ agree: () => false }), isCode("SCRIPT_FAILED"));
    assert.deepEqual([site.logins.length, model.requests.length, about(questions)], [1, 0, [
      "model",
    ]]);
    await assert.rejects(login({ mode: "never" }), isCode("SCRIPT_FAILED"));
    assert.deepEqual([site.logins.length, model.requests.length], [2, 0]);
    const onlyModel = (question: RepairQuestion) => question.about === "model";
    await assert.rejects(login({ agree: onlyModel }), isCode("SCRIPT_FAILED"));
    assert.deepEqual([site.logins.length, model.requests.length], [3, 1]);
  }));

const NOT_THE_SCRIPT: readonly { what: string; answer: Answer; code: string }[] = [
  {
    what: "refused credentials",
    answer: () => Response.json({ error: "wrong password" }, { status: 401 }),
    code: "AUTH_REFUSED",
  },
  {
    what: "a site that is down",
    answer: () => new Response("down", { status: 503 }),
    code: "UPSTREAM_FAILED",
  },
];

for (const { what, answer, code } of NOT_THE_SCRIPT) {
  Deno.test(`loginWithFixes() asks no model about ${what}, unless the user forces it`, () =>
    trial(answer, () => [{ refusal: "no" }], async ({ site, model, questions, login }) => {
      await assert.rejects(login(), isCode(code));
      assert.deepEqual([site.logins.length, model.requests.length, questions.length], [1, 0, 0]);
      await assert.rejects(login({ mode: "always", agree: () => false }), isCode(code));
      assert.deepEqual([site.logins.length, model.requests.length], [2, 1]);
      assert.deepEqual(questions.map(({ isForced }) => isForced), [true]);
    }));
}

/** What may be the script's, whatever words and addresses say so. */
const PERHAPS_THE_SCRIPT: readonly (readonly [code: string, Answer, said: RegExp])[] = [
  [
    "SCRIPT_FAILED",
    () => Response.json({ error: "bad signature" }, { status: 400 }),
    /no longer fits the site: the site says "bad signature"/,
  ],
  [
    "SCRIPT_FAILED",
    () => Response.json({ hinweis: "Diese Version der App ist veraltet" }, { status: 403 }),
    /no longer fits the site/,
  ],
  [
    "AUTH_REFUSED",
    () => new Response(null, { status: 403 }),
    /does not tell whether the credentials are wrong or the script no longer fits.*status 403/,
  ],
  [
    "SCRIPT_FAILED",
    () => new Response(null, { status: 302, headers: { location: "/v2/login" } }),
    /it leads to http:.*\/v2\/login, where the recorded login never was/,
  ],
];

Deno.test("loginWithFixes() offers a repair wherever the answer does not speak of the credentials", () => {
  let answer: Answer = moved;
  return trial(
    (credentials) => answer(credentials),
    () => [],
    async ({ questions, login, model }) => {
      for (const [code, given, said] of PERHAPS_THE_SCRIPT) {
        answer = given;
        await assert.rejects(login({ agree: () => false }), (error) => {
          assert.ok(error instanceof AppError);
          assert.equal(error.code, code, error.message);
          assert.match(error.message, said);
          return true;
        });
        assert.deepEqual(questions.map(({ about, isForced }) => [about, isForced]), [[
          "model",
          false,
        ]]);
        questions.length = 0;
      }
      assert.equal(model.requests.length, 0);
    },
  );
});

Deno.test("loginWithFixes() asks no model about a locked account, whatever the user forces", () =>
  trial(
    () => Response.json({ error: "account locked" }, { status: 423 }),
    () => [],
    async ({ model, login }) => {
      await assert.rejects(login({ mode: "always" }), isCode("AUTH_REFUSED"));
      assert.equal(model.requests.length, 0);
    },
  ));

Deno.test("loginWithFixes() takes an unchanged script for no repair, and it costs no try", () =>
  trial(
    moved,
    () => [],
    async ({ home, site, login, ctx }) => {
      const broken = await readTextFile(home.appFile(APP, "auth_acquire.ts"));
      const same = proves(`// mended\n${broken}`);
      await withFakeModel([same, same, ...Array(3).fill({ text: "no" })], async (model) => {
        const env = {
          get: (name: string) => name === "OPENAI_BASE_URL" ? model.baseURL : undefined,
        };
        const input = {
          app: APP,
          yes: true,
          mode: "always" as const,
          agree: () => Promise.resolve(false),
        };
        await assert.rejects(loginWithFixes({ ...ctx, env }, input), isCode("SCRIPT_FAILED"));
        assert.match(model.sent(), /does what the broken script does: it is not a repair/);
        assert.ok(ctx.lines.some((line) => /^round 2: prove_script; 8 tries left/.test(line)));
      });
      assert.equal(site.logins.length, 1);
      assert.ok(login);
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
