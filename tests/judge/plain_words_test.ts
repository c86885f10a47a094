/** Words of a protocol or of the client, which a judge must not take for somebody's. */
import assert from "node:assert/strict";
import { capture, trace } from "../support/traces.ts";
import { judgeTrial, type Person } from "./trial.ts";

const APP = "https://desk.example";
const TOKEN = "Zq81mmT0pLx4Rr7wB2";

Deno.test("judgeScript() takes the type of a token in a header of its own for a word of HTTP", () => {
  const recorded = { user: "noor.feld", password: "Tarn-88 quay" };
  const headers = (token: string) =>
    [["access-token", token], ["token-type", "Bearer"]] as [string, string][];
  const json = ({ user, password }: Pick<Person, "user" | "password">) => ({ user, password });
  const { objections } = judgeTrial({
    traces: capture(
      trace(`POST ${APP}/auth`, { json: json(recorded), answerHeaders: headers(TOKEN) }),
      trace(`GET ${APP}/api/orders`, { headers: headers(TOKEN), answer: {} }),
    ),
    recorded,
    play: (who) => ({
      sent: { t_0001: trace(`POST ${APP}/auth`, { json: json(who) }).request },
      result: { headers: { "access-token": who.fresh(TOKEN) }, parameters: [], computed: [] },
    }),
  });
  assert.deepEqual(objections, []);
});

Deno.test("judgeScript() takes no first word of a password for a scheme", () => {
  const recorded = { user: "noor", password: 'Rote "Tinte" 2' };
  const json = ({ user, password }: Pick<Person, "user" | "password">) => [user, password];
  const { objections } = judgeTrial({
    traces: capture(
      trace(`POST ${APP}/login`, { json: json(recorded), answer: { token: TOKEN } }),
      trace(`GET ${APP}/api/orders`, {
        headers: [["Authorization", `Bearer ${TOKEN}`]],
        answer: {},
      }),
    ),
    recorded,
    play: (who) => ({
      sent: { t_0001: trace(`POST ${APP}/login`, { json: json(who) }).request },
      result: {
        headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
        parameters: [],
        computed: [],
      },
    }),
  });
  assert.deepEqual(objections, []);
});

for (const company of ["Key West Marina", "Token%20House"]) {
  Deno.test(`judgeScript() takes no first word of "${company}" for a scheme where all of it is asked for`, () => {
    const recorded = { user: "noor", password: "Tarn-88 quay" };
    const post = ({ user, password }: Pick<Person, "user" | "password">, company: string) =>
      trace(`POST ${APP}/login`, { json: { user, password, company }, answer: { token: TOKEN } });
    const headers = (token: string) => ({ Authorization: `Bearer ${token}` });
    const judged = (companyOf: (who: Person) => string) =>
      judgeTrial({
        traces: capture(
          post(recorded, company),
          trace(`GET ${APP}/api/orders`, { headers: Object.entries(headers(TOKEN)), answer: {} }),
        ),
        recorded,
        asks: ["user", "password", "extra"],
        extra: company,
        play: (who) => ({
          sent: { t_0001: post(who, companyOf(who)).request },
          result: { headers: headers(who.fresh(TOKEN)), parameters: [], computed: [] },
        }),
      });
    assert.deepEqual(judged(({ extra }) => extra).objections, []);
    const pieced = judged(({ extra }) => company.replace(/^\w+/, extra)).objections;
    assert.match(pieced[0]!.problem, /the scheme of credentials is a constant of HTTP/);
  });
}

Deno.test("judgeScript() lets a version stand that somebody chose for a password, and no other password", () => {
  const recorded = { user: "noor.feld", password: "2026-01" };
  const parts = ({ user, password }: Pick<Person, "user" | "password">, version: string) => ({
    json: { user, password },
    headers: [["X-Api-Version", version]] as [string, string][],
  });
  const judged = (version: string) =>
    judgeTrial({
      source: `await session("${APP}/2026-01/login");`,
      traces: capture(
        trace(`POST ${APP}/2026-01/login`, {
          ...parts(recorded, version),
          answer: { token: TOKEN },
        }),
        trace(`GET ${APP}/api/orders`, {
          headers: [["Authorization", `Bearer ${TOKEN}`]],
          answer: {},
        }),
      ),
      recorded,
      play: (who) => ({
        sent: { t_0001: trace(`POST ${APP}/2026-01/login`, parts(who, version)).request },
        result: {
          headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
          parameters: [],
          computed: [],
        },
      }),
    }).objections.map(({ problem }) => problem);
  assert.deepEqual(judged("2026-01"), []);
  assert.deepEqual([...new Set(judged("1.4"))], ["holds a password of the recording"]);
});

Deno.test("judgeScript() takes the site's own address for none of a session's values", () => {
  const recorded = { user: "noor.feld", password: "Tarn-88 quay" };
  const cookie = `auth.callback-url=${encodeURIComponent(APP)}`;
  const json = ({ user, password }: Pick<Person, "user" | "password">) => ({ user, password });
  const { objections } = judgeTrial({
    source: `const headers = { Origin: "${APP}" };`,
    traces: capture(
      trace(`GET ${APP}/login`, { setCookies: [`${cookie}; Path=/`], answer: {} }),
      trace(`POST ${APP}/login`, { cookie, json: json(recorded), answer: { token: TOKEN } }),
      trace(`GET ${APP}/api/orders`, {
        headers: [["Authorization", `Bearer ${TOKEN}`]],
        answer: {},
      }),
    ),
    recorded,
    play: (who) => ({
      sent: {
        t_0001: trace(`GET ${APP}/login`).request,
        t_0002: trace(`POST ${APP}/login`, { cookie, json: json(who) }).request,
      },
      result: {
        headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
        parameters: [],
        computed: [],
      },
    }),
  });
  assert.deepEqual(objections, []);
});

Deno.test("judgeScript() takes words for words under the name of a credential, and no token", () => {
  const recorded = { user: "noor.feld", password: "Tarn-88 quay" };
  const query = (name: string, value: string, who: Pick<Person, "user" | "password">) =>
    new URLSearchParams({ api: "Yard.Auth", [name]: value, who: who.user, pass: who.password });
  const judged = (name: string, value: string) =>
    judgeTrial({
      traces: capture(
        trace(`GET ${APP}/auth.cgi?${query(name, value, recorded)}`, { answer: { sid: TOKEN } }),
        trace(`GET ${APP}/list.cgi?_sid=${TOKEN}`, { answer: {} }),
      ),
      recorded,
      play: (who) => ({
        sent: { t_0001: trace(`GET ${APP}/auth.cgi?${query(name, value, who)}`).request },
        result: { headers: {}, parameters: [["_sid", who.fresh(TOKEN)]], computed: [] },
      }),
    }).objections.map(({ where, problem }) => `${where} ${problem}`);
  for (const word of ["HarbourMaster", "Report.Viewer", "DSM", "fileStation", "WebUIClient"]) {
    assert.deepEqual(judged("session", word), [], word);
    assert.deepEqual(judged("ticket", word), [], word);
  }
  for (const token of ["kTzwQbRnLm", "qXw9ZpLt", "00f3a19c", "MfKqTzRwGhBn"]) {
    assert.deepEqual(judged("session", token), [
      'query parameter "session" is a recorded credential, and nothing shows that it is the client\'s own',
    ], token);
  }
});

Deno.test("judgeScript() lets a choice stand that the page offers, although a cookie holds it, too", () => {
  const recorded = { user: "noor.feld", password: "Tarn-88 quay" };
  const judged = (box: string) =>
    judgeTrial({
      traces: capture(
        trace(`GET ${APP}/enter`, {
          html:
            `<form method=post>${box}<input name=user><input type=password name=password></form>`,
          setCookies: ["ui_tongue=nl; Path=/"],
        }),
        trace(`POST ${APP}/enter`, {
          form: { tongue: "nl", ...recorded },
          cookie: "ui_tongue=nl",
          answer: { token: TOKEN },
        }),
      ),
      recorded,
      // The cookie alone is another one in the runs.
      reminted: ["=nl; Path=/"],
      play: ({ user, password }) => ({
        sent: {
          t_0001: trace(`GET ${APP}/enter`).request,
          t_0002: trace(`POST ${APP}/enter`, { form: { tongue: "nl", user, password } }).request,
        },
      }),
    }).objections.filter(({ where }) => where.includes("tongue"));
  const list =
    "<select name=tongue><option value=da>Dansk<option value=nl selected>Nederlands</select>";
  assert.deepEqual(judged(list), []);
  assert.match(
    judged("<b>nl</b>")[0]?.problem ?? "",
    /taken from the answer of t_0001, cookie "ui_tongue"/,
  );
});

Deno.test("judgeScript() lets no word stand in a field against forgery that no answer gave", () => {
  const recorded = { user: "noor.feld", password: "Tarn-88 quay" };
  const form = (who: Pick<Person, "user" | "password">, guard: string) => ({
    csrf_token: guard,
    user: who.user,
    password: who.password,
  });
  const problems = (guard: string) =>
    judgeTrial({
      traces: capture(
        trace(`POST ${APP}/auth`, { form: form(recorded, guard), answer: { token: TOKEN } }),
        trace(`GET ${APP}/api/orders`, {
          headers: [["Authorization", `Bearer ${TOKEN}`]],
          answer: {},
        }),
      ),
      recorded,
      play: (who) => ({
        sent: { t_0001: trace(`POST ${APP}/auth`, { form: form(who, guard) }).request },
        result: {
          headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
          parameters: [],
          computed: [],
        },
      }),
    }).objections.map(({ where }) => where);
  assert.deepEqual(problems("tangerine"), ['body field "csrf_token"']);
  assert.deepEqual(problems("true"), []);
});

Deno.test("judgeScript() settles a key that is asked for as a whole, and none of which a part is (isAskedWhole)", () => {
  const recorded = { user: "noor.feld", password: "Tarn-88 quay" };
  const KEY = "pk7Zq81mmT0pLx4Rr7wB2";
  const get = (key: string) =>
    trace(`GET ${APP}/auth`, { headers: [["X-Access-Token", key]], answer: { token: TOKEN } });
  const settledIn = (asked: string, keyOf: (extra: string) => string) =>
    judgeTrial({
      traces: capture(
        get(KEY),
        trace(`GET ${APP}/api/orders`, {
          headers: [["Authorization", `Bearer ${TOKEN}`]],
          answer: {},
        }),
      ),
      recorded,
      asks: ["extra"],
      extra: asked,
      play: ({ extra, fresh }) => ({
        sent: { t_0001: get(keyOf(extra)).request },
        result: {
          headers: { Authorization: `Bearer ${fresh(TOKEN)}` },
          parameters: [],
          computed: [],
        },
      }),
    }).assumptions.filter(({ as }) => as === "typed").map(({ isSettled }) => isSettled);
  assert.deepEqual(settledIn(KEY, (key) => key), [true]);
  assert.deepEqual(settledIn(KEY.slice(3), (rest) => `pk7${rest}`), [false]);
});
