import assert from "node:assert/strict";
import type { Context } from "../../lib/base/context.ts";
import { analyzeAuth, type AnalyzeAuthOutput } from "../../lib/ops/analyze_auth.ts";
import { analyzeWithModel } from "../../lib/ops/analyze_with_model.ts";
import { readFindings } from "../../lib/ops/known_findings.ts";
import { Home } from "../../lib/store/home.ts";
import { readAuthScript } from "../../lib/token/script_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { PASSWORD, SALT, SENT, TOKEN, USER, withComputedLogin } from "./computed_login.ts";
import { type FakeAnswer, type FakeModel, withFakeModel } from "./fake_model.ts";
import { APP } from "./recording_home.ts";

const TOLD = [["Email", USER], ["Password", PASSWORD]] as const;
const GAP = "t_0004.request.body.password";
const SALT_PLACE = "t_0003.response.body.salt";

const MIRRORED = `function mirrored(password: string, salt: string): string {
  return [...password].reverse().join("") + ":" + salt;
}`;
const RIGHT = `sha256-hex(call mirrored(typed("Password"), ${SALT_PLACE}))`;

const writes = (name: string, code: string) => ["write_function", { name, code }] as const;
const explains = (expression: string, value = GAP) => ["explain", { value, expression }] as const;
const each = (...calls: (readonly [string, unknown])[]): FakeAnswer[] =>
  calls.map((call) => ({ calls: [call] }));

interface Run {
  readonly output: AnalyzeAuthOutput;
  readonly ctx: Context;
  readonly home: Home;
  readonly model: FakeModel;
  /** What the tools answered. */
  readonly told: readonly string[];
}

async function analyze(
  answers: readonly FakeAnswer[],
  check: (run: Run) => Promise<void> | void,
  hints: readonly (readonly [string, string])[] = TOLD,
): Promise<void> {
  await withComputedLogin(async (folder) => {
    // The endpoint is asked once more than there are calls where the script is not proven.
    await withFakeModel([...answers, { refusal: "no" }], async (model) => {
      const variables: Readonly<Record<string, string>> = { OPENAI_BASE_URL: model.baseURL };
      const ctx = {
        ...fakeContext({ home: folder }),
        env: { get: (name: string) => variables[name] },
      };
      const first = await analyzeAuth(ctx, { app: APP, hints });
      const output = await analyzeWithModel(ctx, { app: APP, hints, mode: "auto" }, first);
      for (const secret of [PASSWORD, USER, SALT, SENT, TOKEN]) {
        assert.ok(!model.sent().includes(secret), `"${secret}" was sent`);
      }
      const told = model.requests.at(-1)!.body.messages.filter(({ role }) => role === "tool")
        .map(({ content }) => content);
      await check({ output, ctx, home: new Home(folder), model, told });
    });
  });
}

Deno.test("write_function adds one function to the generated script, known without a model from then on", () =>
  analyze(
    each(writes("mirrored", MIRRORED), explains(RIGHT)),
    async ({ output, home, ctx, model }) => {
      assert.equal(output.result, "script", output.reasons.join("\n"));
      assert.equal(model.requests.length, 2);
      assert.deepEqual(output.proof?.assumptions.filter(({ isSettled }) => !isSettled), []);
      const { source } = (await readAuthScript(home, APP))!;
      assert.ok(source.includes(MIRRORED), source);
      assert.match(source, /await mirrored\(password, salt\)/);
      assert.match(source, /derived from its recording and what a model found out/);
      assert.deepEqual(readFindings(home, APP).functions, [{ name: "mirrored", code: MIRRORED }]);
      const again = await analyzeAuth(ctx, { app: APP });
      assert.equal(again.result, "script", again.reasons.join("\n"));
      assert.equal((await readAuthScript(home, APP))!.source, source);
    },
  ));

Deno.test("write_function takes async functions, bytes in and out, and functions that call each other", () =>
  analyze(
    each(
      writes(
        "sha256_of",
        `export async function sha256_of(data: Uint8Array) {
          return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
        }`,
      ),
      writes(
        "proof_of",
        `async function proof_of(password, salt) {
          const mirrored = [...password].reverse().join("");
          return await sha256_of(new TextEncoder().encode(mirrored + ":" + salt));
        }`,
      ),
      explains(`proof_of(typed("Password"), ${SALT_PLACE})`),
      explains(`hex(call proof_of(typed("Password"), ${SALT_PLACE}))`),
    ),
    async ({ output, home, told }) => {
      assert.match(told[2]!, /^wrong: it is right in hex\(\)$/);
      assert.equal(output.result, "script", output.reasons.join("\n"));
      const { source } = (await readAuthScript(home, APP))!;
      assert.match(source, /^async function sha256_of\(/m);
    },
  ));

const REFUSED: readonly (readonly [name: string, code: string, told: RegExp])[] = [
  ["broken", "function broken(a) { return a +; }", /it is not kept: .*line 1/],
  ["other", MIRRORED, /one declaration, function other/],
  ["two", "function two() { return ''; }\nfunction three() {}", /one declaration/],
  ["arrow", "const arrow = (a) => a;", /one declaration/],
  ["steps", "function* steps() { yield ''; }", /one declaration/],
  [
    "loads",
    'async function loads() { return await import("node:fs"); }',
    /imports are not allowed/,
  ],
  ["sends", "async function sends(a) { await fetch(a); return a; }", /fetch is not for it/],
  [
    "asks",
    "async function asks() { return await prompt_secret('x'); }",
    /prompt_secret is not for/,
  ],
  ["session", "function session() { return ''; }", /the name "session" is taken/],
  ["s1_text", "function s1_text() { return ''; }", /is taken/],
  ["expect_status", "function expect_status() { return ''; }", /is taken/],
  ["sha256", "function sha256() { return ''; }", /is taken/],
  ["acquire_token", "function acquire_token() { return ''; }", /is taken/],
  ["with-dash", "function withdash() { return ''; }", /a name has letters, digits/],
  ["salted", `function salted(a) { return a + "${SALT}"; }`, /holds a recorded value.*t_0003/],
  ["fixed", `function fixed() { return "${SENT}"; }`, /holds .* of the recording/],
  [
    "known",
    `function known(a) { return "${PASSWORD}" + a; }`,
    /holds the captured value of password/,
  ],
];

Deno.test("write_function refuses what no script may be, what is taken, and what was recorded; no try is lost", () =>
  analyzeWithSecretsWritten([
    ...REFUSED.map(([name, code]) => writes(name, code)),
    writes("mirrored", MIRRORED),
    explains(RIGHT),
  ]));

/** What the endpoint itself says comes back to it: here it holds secrets, which no model could know. */
async function analyzeWithSecretsWritten(
  calls: readonly (readonly [string, unknown])[],
): Promise<void> {
  await withComputedLogin(async (folder) => {
    await withFakeModel(each(...calls), async (model) => {
      const env = { get: (name: string) => name === "OPENAI_BASE_URL" ? model.baseURL : undefined };
      const ctx = { ...fakeContext({ home: folder }), env };
      const first = await analyzeAuth(ctx, { app: APP, hints: TOLD });
      const output = await analyzeWithModel(ctx, { app: APP, hints: TOLD, mode: "auto" }, first);
      assert.equal(output.result, "script", output.reasons.join("\n"));
      const told = model.requests.at(-1)!.body.messages.filter(({ role }) => role === "tool");
      for (const [index, [name, , expected]] of REFUSED.entries()) {
        assert.match(told[index]!.content, /^error: /, name);
        assert.match(told[index]!.content, expected, name);
        for (const secret of [PASSWORD, SALT, SENT]) {
          assert.ok(!told[index]!.content.includes(secret), name);
        }
      }
    });
  });
}

Deno.test("explain tells of a function what it does with invented values, and nothing of the recorded ones", () =>
  analyze(
    each(
      writes("plain", "function plain(password, salt) { return salt + password.length; }"),
      explains(`call plain(typed("Password"), ${SALT_PLACE})`),
      writes(
        "spells",
        `function spells(password) { return "x".repeat(password.charCodeAt(0)); }`,
      ),
      explains('call spells(typed("Password"))'),
      writes(
        "throws",
        `function throws(password) {
          debug("began", password);
          throw new Error("first is " + password[0]);
        }`,
      ),
      explains('call throws(typed("Password"))'),
      writes(
        "late",
        `function late(password) {
          if (password.includes("-r")) throw new Error(password);
          return 7;
        }`,
      ),
      explains('call late(typed("Password"))'),
      explains(`call plain(typed("Password"), ${GAP})`),
      explains("call nothing(1)"),
      writes("mirrored", MIRRORED),
      explains(RIGHT),
    ),
    ({ output, told }) => {
      assert.equal(output.result, "script", output.reasons.join("\n"));
      assert.match(
        told[1]!,
        /^wrong: it yields 18 characters of invented values|^wrong: it yields 18/,
      );
      assert.match(
        told[3]!,
        /^wrong: it yields 83 letters of invented values, recorded are 64 hex/,
      );
      assert.match(
        told[5]!,
        /^error: throws\(\) throws in line 3: Error: first is S \(with invented/,
      );
      assert.match(told[5]!, /debug\(\) printed:\n- began Sample-Passw0rd/);
      assert.match(told[7]!, /throws in line|returns no text/);
      assert.match(told[8]!, /not handed the value that it is to yield/);
      assert.match(told[9]!, /no function "nothing" was written/);
    },
  ));

Deno.test("a function over a password that nobody told is run with an invented one, and is an assumption", () =>
  analyze(
    each(
      writes("mirrored", MIRRORED),
      writes("number", "function number(password) { return password.length; }"),
      explains('sha256-hex(call number(typed("Password")))'),
      explains(RIGHT),
    ),
    ({ output, told }) => {
      assert.match(told[2]!, /returns no text and no Uint8Array/);
      assert.equal(output.result, "script", output.reasons.join("\n"));
      const open = output.proof!.assumptions.filter(({ isSettled }) => !isSettled);
      assert.deepEqual(open.map(({ where }) => where), ["body password"]);
    },
    [],
  ));

Deno.test("write_function in place of one that was used opens again what rests on it", () =>
  analyze(
    [
      {
        calls: [
          writes("build", 'function build() { return "web-7f3Kq92Lx1"; }'),
          explains("call build()", "t_0003.request.headers.X-Build"),
          writes("build", 'function build() { return "web-" + "7f3Kq92Lx1"; }'),
          writes("mirrored", MIRRORED),
        ],
      },
      ...each(explains(RIGHT)),
    ],
    ({ output, told }) => {
      assert.match(told[1]!, /^right; still unexplained/);
      assert.match(told[2]!, /^kept; .*explain again what calls it/);
      assert.equal(output.result, "script", output.reasons.join("\n"));
    },
  ));
