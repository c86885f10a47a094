/** What stood in the recording before anybody typed, and what came after the login was done. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { judgeTrial, type Person } from "./trial.ts";

const APP = "https://quay.example";
const TOKEN = "Zq81mmT0pLx4Rr7wB2";
const NEXT = "Yt52kkV7aMn3Ss8xC9";

const bearer = (token: string): TraceParts => ({ headers: [["Authorization", `Bearer ${token}`]] });
const json = ({ user, password }: Pick<Person, "user" | "password">) => ({ user, password });

/** A login with a token, judged with this script and these requests before it. */
function problemsOf(
  { recorded, source = "", before = [] }: {
    recorded: { user: string; password: string };
    source?: string;
    before?: readonly Trace[];
  },
): string[] {
  const line = `POST ${APP}/enter`;
  const login = `t_000${before.length + 1}`;
  return judgeTrial({
    source,
    traces: capture(
      ...before,
      trace(line, { json: json(recorded), answer: { token: TOKEN } }),
      trace(`GET ${APP}/api/orders`, { ...bearer(TOKEN), answer: {} }),
    ),
    recorded,
    play: (who) => ({
      sent: { [login]: trace(line, { json: json(who) }).request },
      result: {
        headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
        parameters: [],
        computed: [],
      },
    }),
  }).objections.map(({ problem }) => problem);
}

Deno.test("judgeScript() lets a password stand that an answer or an address held before anybody typed", () => {
  const recorded = { user: "noor.feld", password: "q.login.pass_1" };
  const source = 'const kind = "q.login.pass_1";';
  const flows = trace(`GET ${APP}/enter`, { answer: { flows: [{ type: "q.login.pass_1" }] } });
  const address = trace(`GET ${APP}/start?q.login.pass_1=1`, { answer: {} });
  assert.deepEqual(problemsOf({ recorded, source, before: [flows] }), []);
  assert.deepEqual(problemsOf({ recorded, source, before: [address] }), []);
  assert.deepEqual(problemsOf({ recorded, source }), ["holds a password of the recording"]);
});

Deno.test("judgeScript() lets a word stand that headers are called by, and no user name that a page held", () => {
  const recorded = { user: "noor.feld", password: "X-Quay" };
  const header = trace(`GET ${APP}/start`, { answerHeaders: [["X-Quay-Id", "9"]], answer: {} });
  const source = 'response.headers.get("X-Quay-Id");';
  assert.deepEqual(problemsOf({ recorded, source, before: [header] }), []);
  const remembered = trace(`GET ${APP}/start`, { html: '<input name="user" value="noor.feld">' });
  assert.deepEqual(
    problemsOf({ recorded, source: 'const user = "noor.feld";', before: [remembered] }),
    ["holds the user name of the recording"],
  );
});

Deno.test("judgeScript() takes the token that follows a pair in the same header for no pair", () => {
  const recorded = { user: "noor.feld", password: "Tarn:88:quay" };
  const pair = ({ user, password }: Pick<Person, "user" | "password">) => ({
    headers: [[
      "Authorization",
      `Basic ${new TextEncoder().encode(`${user}:${password}`).toBase64()}`,
    ]] as [string, string][],
  });
  const token = (text: string) => ({ Authorization: `Token ${text}` });
  const { objections } = judgeTrial({
    traces: capture(
      trace(`POST ${APP}/enter`, { ...pair(recorded), answer: { token: TOKEN } }),
      trace(`GET ${APP}/api/orders`, { headers: Object.entries(token(TOKEN)), answer: {} }),
    ),
    recorded,
    play: (who) => ({
      sent: { t_0001: trace(`POST ${APP}/enter`, pair(who)).request },
      result: { headers: token(who.fresh(TOKEN)), parameters: [], computed: [] },
    }),
  });
  assert.deepEqual(objections, []);
});

Deno.test("judgeScript() takes Basic at a token endpoint for the client's own", () => {
  const recorded = { user: "noor.feld", password: "Tarn-88 quay" };
  const parts = (who: Pick<Person, "user" | "password">) => ({
    headers: [["Authorization", `Basic ${btoa("quay-cli:pub")}`]] as [string, string][],
    form: { grant_type: "password", username: who.user, password: who.password },
  });
  const verdict = judgeTrial({
    traces: capture(
      trace(`POST ${APP}/token`, { ...parts(recorded), answer: { access_token: TOKEN } }),
      trace(`GET ${APP}/api/orders`, { ...bearer(TOKEN), answer: {} }),
    ),
    recorded,
    play: (who) => ({
      sent: { t_0001: trace(`POST ${APP}/token`, parts(who)).request },
      result: {
        headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
        parameters: [],
        computed: [],
      },
    }),
  });
  assert.deepEqual(verdict.objections, []);
  assert.deepEqual(verdict.assumptions.map(({ where }) => where), ['header "Authorization"']);
});

Deno.test("judgeScript() takes the cookie that data was served for, though a later request sets another", () => {
  const recorded = { user: "noor.feld", password: "Tarn-88 quay" };
  const problems = (data: TraceParts) =>
    judgeTrial({
      traces: capture(
        trace(`POST ${APP}/enter`, {
          json: json(recorded),
          setCookies: [`berth=${TOKEN}; Path=/`],
        }),
        trace(`GET ${APP}/api/orders`, { cookie: `berth=${TOKEN}`, ...data }),
        trace(`POST ${APP}/session/turn`, {
          cookie: `berth=${TOKEN}`,
          setCookies: [`berth=${NEXT}; Path=/`],
          json: { turn: 1 },
          answer: {},
        }),
        trace(`GET ${APP}/api/piers`, { cookie: `berth=${NEXT}`, answer: {} }),
      ),
      recorded,
      play: (who) => ({
        sent: { t_0001: trace(`POST ${APP}/enter`, { json: json(who) }).request },
        result: {
          headers: { Cookie: `berth=${who.fresh(TOKEN)}` },
          parameters: [],
          computed: [],
        },
      }),
    }).objections.map(({ problem }) => problem);
  assert.deepEqual(problems({ answer: { orders: [] } }), []);
  assert.match(problems({ html: "<h1>One more step</h1>" }).join(), /the one from before/);
});

Deno.test("judgeScript() wants no password of a registration submitted", () => {
  const recorded = { user: "noor.feld", password: "Tarn-88 quay" };
  const register = (more: Record<string, string>) =>
    trace(`POST ${APP}/join`, { json: { ...json(recorded), ...more }, answer: { id: 4 } });
  assert.deepEqual(
    problemsOf({ recorded, before: [register({ confirm: recorded.password })] }),
    [],
  );
  assert.match(problemsOf({ recorded, before: [register({})] }).join(), /never submits it/);
});

Deno.test("judgeScript() lets plain words of a form stand that say how it is logged in", () => {
  const recorded = { user: "noor.feld", password: "Tarn-88 quay" };
  const fields = { AuthMethod: "FormsAuthentication", wa: "wsignin1.0", ctx: "rm=0&id=passive" };
  const inputs = Object.entries(fields).map(([name, value]) =>
    `<input type="hidden" name="${name}" value="${value.replace("&", "&amp;")}">`
  );
  const parts = (who: Pick<Person, "user" | "password">) => ({
    form: { UserName: who.user, Password: who.password, ...fields },
  });
  const { objections } = judgeTrial({
    traces: capture(
      trace(`GET ${APP}/enter`, {
        html: `<form>${
          inputs.join("")
        }<input name="UserName"><input type="password" name="Password"></form>`,
      }),
      trace(`POST ${APP}/enter`, { ...parts(recorded), answer: { token: TOKEN } }),
      trace(`GET ${APP}/api/orders`, { ...bearer(TOKEN), answer: {} }),
    ),
    recorded,
    play: (who) => ({
      sent: { t_0002: trace(`POST ${APP}/enter`, parts(who)).request },
      result: {
        headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
        parameters: [],
        computed: [],
      },
    }),
  });
  assert.deepEqual(objections, []);
});

Deno.test("judgeScript() wants nothing submitted that each request carries and the script hands over", () => {
  const recorded = { user: "noor.feld", password: "Tarn-88 quay" };
  const call = (path: string) =>
    trace(`POST ${APP}${path}`, { json: json(recorded), answer: { n: 1 } });
  const given = (who: Person, ...names: readonly ("user" | "password")[]) => ({
    headers: {},
    parameters: names.map((name) => [name, who[name]] as [string, string]),
    computed: [],
  });
  const problems = (...names: readonly ("user" | "password")[]) =>
    judgeTrial({
      traces: capture(call("/items"), call("/sales")),
      recorded,
      play: (who) => ({ sent: {}, result: given(who, ...names) }),
    }).objections.map(({ problem }) => problem).join();
  assert.equal(problems("user", "password"), "");
  assert.match(problems("user"), /never submits it/);
});
