/** A login whose page adds to a number that the site issued, which one recording shows as a constant. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { analyzeAuth, type AnalyzeAuthOutput } from "../../lib/ops/analyze_auth.ts";
import { analyzeWithModel } from "../../lib/ops/analyze_with_model.ts";
import { Home } from "../../lib/store/home.ts";
import { readAuthScript } from "../../lib/token/script_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { capture, trace } from "../support/traces.ts";
import { withFakeModel } from "./fake_model.ts";
import { APP, withRecording } from "./recording_home.ts";

const SITE = "https://portal.brackwell.example";
const [USER, PASSWORD] = ["ines.farrow", "Mid7night-Harrow"];
const [SALT, SID, TOKEN] = ["9c41e7d00b5a8fd2", 48213, "bw1_Qm7Zt4Xk9Lr2Vn8Ps5"];
const PROOF = createHash("sha256").update(`${[...PASSWORD].reverse().join("")}/${SALT}`)
  .digest("hex");

function countedLogin() {
  const visit = "bw_visit=v-2b81f0aa93";
  const me = trace(`GET ${SITE}/v1/me`, {
    headers: [["Authorization", `Bearer ${TOKEN}`]],
    answer: { name: "Ines Farrow" },
  });
  return capture(
    trace(`GET ${SITE}/`, { html: "<div id=root></div>", setCookies: [`${visit}; Path=/`] }),
    trace(`POST ${SITE}/v1/challenge`, {
      cookie: visit,
      json: { member: USER },
      answer: { salt: SALT, sid: SID },
    }),
    trace(`POST ${SITE}/v1/open`, {
      cookie: visit,
      headers: [["X-Brackwell-Client", "web"]],
      json: { member: USER, proof: PROOF, sid: SID, seq: SID + 17 },
      answer: { access: TOKEN },
    }),
    me,
    me,
  );
}

/** @param seq the expression for what the page counts; `c` is the challenge */
function scriptOf(seq: string): string {
  return `export async function acquire_token() {
  const site = cookie_session();
  const member = await prompt_text("Username");
  const password = await prompt_secret("Password");
  await site("${SITE}/");
  const post = async (path: string, body: unknown, own = {}) => {
    const headers = { "Content-Type": "application/json", ...own };
    const answer = await site("${SITE}" + path, { method: "POST", headers, body: JSON.stringify(body) });
    return await answer.json();
  };
  const c = await post("/v1/challenge", { member });
  const text = new TextEncoder().encode([...password].reverse().join("") + "/" + c.salt);
  const proof = new Uint8Array(await crypto.subtle.digest("SHA-256", text)).toHex();
  const body = { member, proof, sid: c.sid, seq: ${seq} };
  const { access } = await post("/v1/open", body, { "X-Brackwell-Client": "web" });
  return { headers: { Authorization: "Bearer " + access } };
}
`;
}

interface Told {
  readonly output: AnalyzeAuthOutput;
  readonly told: string[];
  readonly script: string;
}

type Calls = readonly (readonly [string, Readonly<Record<string, unknown>>])[];

/** What the model is told to the calls of its rounds. */
async function answered(rounds: readonly Calls[]): Promise<Told> {
  return await withRecording(countedLogin(), SITE, async (home) => {
    const answers = [...rounds.map((calls) => ({ calls })), ...Array(3).fill({ text: "Done." })];
    return await withFakeModel(answers, async (model) => {
      const env = {
        get: (name: string) => name === "OPENAI_BASE_URL" ? model.baseURL : undefined,
      };
      const ctx = { ...fakeContext({ home }), env };
      const hints = [["Username", USER], ["Password", PASSWORD]] as const;
      const first = await analyzeAuth(ctx, { app: APP, hints });
      const output = await analyzeWithModel(ctx, { app: APP, hints, mode: "auto" }, first);
      const told = model.requests.at(-1)!.body.messages.filter(({ role }) => role === "tool")
        .map(({ content }) => content);
      return { output, told, script: (await readAuthScript(new Home(home), APP))?.source ?? "" };
    });
  });
}

const proves = (seq: string) => ["prove_script", { script: scriptOf(seq) }] as const;

Deno.test("a whole script that computes something else of what the site issued does not pass", async () => {
  const { output, told } = await answered([[proves("c.sid + 18")], [proves("c.sid + 17")]]);
  assert.match(told[0]!, /body field "seq" is not what the recorded client sent for the same/);
  assert.equal(output.result, "script", output.reasons.join("\n"));
  const open = output.proof!.assumptions.filter(({ isSettled }) => !isSettled);
  assert.ok(!open.some(({ where }) => where.includes("seq")), JSON.stringify(open));
});

Deno.test("a whole script may make up what changes and cannot be compared, and it is an assumption", async () => {
  const random = "10000 + crypto.getRandomValues(new Uint16Array(1))[0]";
  const { output } = await answered([[proves(random)]]);
  assert.equal(output.result, "script", output.reasons.join("\n"));
  const open = output.proof!.assumptions.filter(({ isSettled }) => !isSettled);
  assert.ok(open.some(({ where }) => where.includes("seq")), JSON.stringify(open));
});

Deno.test("what a model finds out in one breath counts, whichever of it leaves nothing unexplained", async () => {
  const { output, script } = await answered([[
    ["explain", {
      value: "t_0003.request.body.proof",
      expression: 'sha256-hex(reverse(typed("Password")) + "/" + t_0002.response.body.salt)',
    }],
    ["explain", {
      value: "t_0003.request.body.seq",
      expression: "add(t_0002.response.body.sid, 17)",
    }],
  ]]);
  assert.equal(output.result, "script", output.reasons.join("\n"));
  assert.ok(!script.includes(String(SID + 17)), "the recorded number stands in the script");
});

Deno.test("places, classes of errors and words of ours stand in what a model is told", async () => {
  const { told } = await answered([
    [["explain", { value: "t_0003.request.body.proove", expression: "uuid()" }]],
    [proves('JSON.parse("01")')],
    [proves("c.sid +")],
  ]);
  assert.match(
    told[0]!,
    /it sends path segment 1, path segment 2, header X-Brackwell-Client, cookie bw_visit, body member, body proof, body sid, body seq$/,
  );
  assert.match(told[1]!, /script line \d+ failed: SyntaxError: the text is not valid JSON/);
  assert.match(told[2]!, /- Cannot read script line \d+: Expression expected/);
});
