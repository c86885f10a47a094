import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import type { Verdict } from "../../lib/judge/judge_script.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { judgeTrial, type Person, type Played } from "./trial.ts";

const APP = "https://desk.example";
const TOKEN = "Zq81mmT0pLx4Rr7wB2";
const KEY = "web-7Kd03xPq2LmZ";
const recorded = { user: "noor.feld", password: "Tarn-88 quay" };

const login = (line: string, parts: TraceParts) => trace(`POST ${APP}${line}`, parts).request;

const LOGIN: JsonValue = { user: recorded.user, password: recorded.password, app: KEY };
const PLAIN = capture(
  trace(`POST ${APP}/api/enter`, { json: LOGIN, answer: { token: TOKEN, ticket: 139 } }),
  trace(`GET ${APP}/api/orders`, {
    headers: [["Authorization", `Bearer ${TOKEN}`]],
    answer: { orders: [] },
  }),
  trace(`GET ${APP}/api/orders`, {
    headers: [["Authorization", `Bearer ${TOKEN}`]],
    answer: { orders: [] },
  }),
);

/** The right script, with changes. */
function play(
  change: (who: Person) => { body?: Record<string, JsonValue>; authorization?: string } =
    () => ({}),
): (who: Person) => Played {
  return (who) => {
    const { body, authorization = `Bearer ${who.fresh(TOKEN)}` } = change(who);
    const json = { user: who.user, password: who.password, app: KEY, ...body };
    return {
      sent: { t_0001: login("/api/enter", { json }) },
      result: { headers: { Authorization: authorization }, parameters: [], computed: [] },
    };
  };
}

function problems({ objections }: Verdict): string[] {
  return objections.map(({ where, problem }) => `${where} ${problem}`);
}

function assertRefuses(verdict: Verdict, pattern: RegExp): void {
  assert.ok(problems(verdict).some((text) => pattern.test(text)), JSON.stringify(verdict, null, 1));
}

Deno.test("judgeScript() has nothing against a right script, and names the key it took on trust", () => {
  const verdict = judgeTrial({ traces: PLAIN, recorded, play: play() });
  assert.deepEqual(verdict.objections, []);
  assert.deepEqual(
    verdict.assumptions.map(({ where, as, isSettled }) => ({ where, as, isSettled })),
    [{ where: 'body field "app"', as: "constant", isSettled: false }],
  );
});

Deno.test("judgeScript() settles a constant that another recording shows equal, and refuses a differing one", () => {
  const other = (key: string) =>
    capture(
      trace(`POST ${APP}/api/enter`, { json: { user: "x", password: "y", app: key }, answer: {} }),
    );
  const same = judgeTrial({ traces: PLAIN, recorded, play: play(), others: [other(KEY)] });
  assert.deepEqual(same.assumptions.map(({ isSettled }) => isSettled), [true]);
  const differs = judgeTrial({
    traces: PLAIN,
    recorded,
    play: play(),
    others: [other("web-9Xx11aBb3CcD")],
  });
  assertRefuses(differs, /"app" is another value in another recording/);
});

Deno.test("judgeScript() refuses a token and a password that are as recorded", () => {
  const token = judgeTrial({
    traces: PLAIN,
    recorded,
    play: play(() => ({ authorization: `Bearer ${TOKEN}` })),
  });
  assertRefuses(
    token,
    /result header "Authorization" holds a recorded value.* t_0001, JSON "token"/,
  );
  const password = judgeTrial({
    traces: PLAIN,
    recorded,
    play: play(() => ({ body: { password: recorded.password } })),
  });
  assertRefuses(password, /"password" is not a password that is asked for/);
});

Deno.test("judgeScript() refuses a password glued from the user name, and one that is the user name", () => {
  const person = { user: "otto", password: "otto2031" };
  const traces = capture(
    trace(`POST ${APP}/api/enter`, { json: { ...person, app: KEY }, answer: { token: TOKEN } }),
    ...PLAIN.slice(1),
  );
  const glued = play((who) => ({ body: { password: `${who.user}2031` } }));
  assertRefuses(
    judgeTrial({
      traces,
      recorded: person,
      play: glued,
      asks: ["user"],
      source: 'x = user + "2031"',
    }),
    /"password" is not a password that is asked for/,
  );
  const equal = { user: "harbor", password: "harbor" };
  const once = capture(
    trace(`POST ${APP}/api/enter`, { json: { ...equal, app: KEY }, answer: { token: TOKEN } }),
    ...PLAIN.slice(1),
  );
  const named = play((who) => ({ body: { password: who.user } }));
  assertRefuses(
    judgeTrial({ traces: once, recorded: equal, play: named, asks: ["user"] }),
    /"password" is the user name, not a password of its own/,
  );
  assert.deepEqual(judgeTrial({ traces: once, recorded: equal, play: play() }).objections, []);
});

Deno.test("judgeScript() refuses a source that is not the recorded one", () => {
  const other = "Mn40cc9TzzQ1pp8Xd3";
  const traces = capture(
    trace(`POST ${APP}/api/enter`, { json: LOGIN, answer: { token: TOKEN, renew: other } }),
    ...PLAIN.slice(1),
  );
  const verdict = judgeTrial({
    traces,
    recorded,
    play: play((who) => ({ authorization: `Bearer ${who.fresh(other)}` })),
  });
  assertRefuses(verdict, /Authorization" is not the value that the recorded client sent/);
});

for (const name of ["verifier", "challenge", "device", "proof", "session"]) {
  Deno.test(`judgeScript() lets nobody make up a value called ${name}`, () => {
    const digest = "5f1d7a84db00d2fce00b31a7fc73224f";
    const json = { user: recorded.user, [name]: digest };
    const traces = capture(
      trace(`POST ${APP}/api/enter`, { json, answer: { token: TOKEN } }),
      ...PLAIN.slice(1),
    );
    const verdict = judgeTrial({
      traces,
      recorded,
      asks: ["user"],
      play: (who) => ({
        sent: { t_0001: login("/api/enter", { json: { user: who.user, [name]: who.random(32) } }) },
        result: {
          headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
          parameters: [],
          computed: [],
        },
      }),
    });
    assertRefuses(verdict, new RegExp(`"${name}" is made up`));
  });
}

Deno.test("judgeScript() lets the client make up what standards have it make up", () => {
  const nonce = "n0Rt4xQ93LpZ";
  const traces = capture(
    trace(`POST ${APP}/api/enter`, {
      json: { ...LOGIN as object, nonce },
      answer: { token: TOKEN },
    }),
    ...PLAIN.slice(1),
  );
  const made = judgeTrial({
    traces,
    recorded,
    play: play((who) => ({ body: { nonce: who.random(12) } })),
  });
  assert.deepEqual(made.objections, []);
  assert.ok(
    made.assumptions.some(({ where, as, isSettled }) =>
      where === 'body field "nonce"' && as === "generated" && isSettled
    ),
  );
  const fixed = judgeTrial({ traces, recorded, play: play(() => ({ body: { nonce } })) });
  assertRefuses(fixed, /"nonce" is as recorded where the client makes up a new value/);
});

Deno.test("judgeScript() refuses a session cookie that no answer has set", () => {
  const sid = "d0d424911e831523bd1f5a083e9ee20d";
  const traces = capture(
    trace(`POST ${APP}/api/enter`, { json: LOGIN, cookie: `sid=${sid}`, answer: {} }),
    trace(`GET ${APP}/api/orders`, { cookie: `sid=${sid}`, answer: { orders: [] } }),
  );
  const sending = (value: (who: Person) => string) => (who: Person): Played => ({
    sent: {
      t_0001: login("/api/enter", {
        json: { user: who.user, password: who.password, app: KEY },
        cookie: `sid=${value(who)}`,
      }),
    },
  });
  assertRefuses(
    judgeTrial({ traces, recorded, play: sending((who) => who.random(32)) }),
    /"sid" is made up/,
  );
  assertRefuses(
    judgeTrial({ traces, recorded, play: sending(() => sid) }),
    /"sid" is a recorded credential/,
  );
});

Deno.test("judgeScript() refuses the cookie from before the login that sets it anew", () => {
  const [before, after] = ["a81f0c2e5577d1b3", "77c0de12ab34ef56"];
  const traces = capture(
    trace(`GET ${APP}/`, { setCookies: [`sid=${before}; Path=/`], html: "<h1>Desk</h1>" }),
    trace(`POST ${APP}/api/enter`, {
      json: LOGIN,
      cookie: `sid=${before}`,
      setCookies: [`sid=${after}; Path=/`],
      answer: {},
    }),
    trace(`GET ${APP}/api/orders`, { cookie: `sid=${after}`, answer: { orders: [] } }),
  );
  const skipping = (who: Person): Played => ({
    sent: { t_0001: trace(`GET ${APP}/`).request },
    result: { headers: { Cookie: `sid=${who.fresh(before)}` }, parameters: [], computed: [] },
  });
  const verdict = judgeTrial({ traces, recorded, asks: [], play: skipping });
  assertRefuses(verdict, /result cookie "sid" is the one from before the request that set it anew/);
  assertRefuses(verdict, /"password" was typed on the way to the login/);
});

Deno.test("judgeScript() takes a session's cookie that the app uses long before a request sets it anew", () => {
  const [before, after] = ["a81f0c2e5577d1b3", "77c0de12ab34ef56"];
  const used = (...paths: readonly string[]) =>
    paths.map((path) =>
      trace(`POST ${APP}${path}`, { cookie: `sid=${before}`, json: { size: 4 }, answer: { ok: 1 } })
    );
  const verdictOf = (...paths: readonly string[]) =>
    judgeTrial({
      traces: capture(
        trace(`POST ${APP}/api/enter`, {
          json: LOGIN,
          setCookies: [`sid=${before}; Path=/`],
          answer: {},
        }),
        ...used(...paths),
        trace(`POST ${APP}/api/check`, {
          cookie: `sid=${before}`,
          json: { size: 4 },
          setCookies: [`sid=${after}; Path=/`],
          answer: {},
        }),
        trace(`GET ${APP}/orders`, { cookie: `sid=${after}`, html: "<h1>Orders</h1>" }),
      ),
      recorded,
      play: (who) => ({
        sent: {
          t_0001: login("/api/enter", {
            json: { user: who.user, password: who.password, app: KEY },
          }),
        },
        result: { headers: { Cookie: `sid=${who.fresh(before)}` }, parameters: [], computed: [] },
      }),
    }).objections.map(({ problem }) => problem).filter((problem) => /anew/.test(problem));
  assert.deepEqual(verdictOf("/box/clock", "/box/tide", "/box/wind"), []);
  assert.equal(verdictOf("/box/clock", "/box/clock", "/box/clock", "/box/tide").length, 1);
});

Deno.test("judgeScript() refuses a refresh token that is made up or another value", () => {
  const renew = "Rn40cc9TzzQ1pp8Xd3";
  const traces = capture(
    trace(`POST ${APP}/api/enter`, { json: LOGIN, answer: { token: TOKEN, refresh_token: renew } }),
    ...PLAIN.slice(1),
  );
  const handing = (value: (who: Person) => string) => (who: Person): Played => {
    const entered = play()(who);
    const parameters = [["refresh_token", value(who)]] as const;
    return { ...entered, result: { ...entered.result!, parameters } };
  };
  assert.deepEqual(
    judgeTrial({ traces, recorded, play: handing((who) => who.fresh(renew)) }).objections,
    [],
  );
  assertRefuses(
    judgeTrial({ traces, recorded, play: handing((who) => who.random(18)) }),
    /result refresh_token is not what an answer held/,
  );
  assertRefuses(
    judgeTrial({ traces, recorded, play: handing((who) => who.fresh(TOKEN)) }),
    /result refresh_token is another value than the refresh token of the answers/,
  );
});

Deno.test("judgeScript() refuses a signed value that is composed", () => {
  const claims = (mail: string) => btoa(JSON.stringify({ mail, n: 1 })).replaceAll("=", "");
  const jwt = (mail: string) => `eyJhbGciOiJIUzI1NiJ9.${claims(mail)}.c2lnbmF0dXJlLTAxMjM0NTY3ODk`;
  const mail = "noor@feld.example";
  const traces = capture(
    trace(`POST ${APP}/api/enter`, { json: LOGIN, answer: { ok: true } }),
    trace(`GET ${APP}/api/orders`, {
      headers: [["Authorization", `Bearer ${jwt(mail)}`]],
      answer: {},
    }),
  );
  const verdict = judgeTrial({
    traces,
    recorded: { ...recorded, user: mail },
    play: (who) => ({
      sent: {
        t_0001: login("/api/enter", { json: { user: who.user, password: who.password, app: KEY } }),
      },
      result: {
        headers: { Authorization: `Bearer ${jwt(who.user)}` },
        parameters: [],
        computed: [],
      },
    }),
  });
  assertRefuses(verdict, /is a signed value that no answer holds whole/);
});

Deno.test("judgeScript() refuses a number of an answer that stands in a later path as recorded", () => {
  const traces = capture(
    PLAIN[0]!,
    trace(`POST ${APP}/api/start/139`, { json: {}, answer: {} }),
    ...PLAIN.slice(1),
  );
  const start = (ticket: string) => (who: Person): Played => {
    const entered = play()(who);
    return {
      ...entered,
      sent: { ...entered.sent, t_0002: login(`/api/start/${ticket}`, { json: {} }) },
    };
  };
  const source = 'url = "/api/start/139"';
  assertRefuses(
    judgeTrial({ traces, recorded, source, play: start("139") }),
    /path segment 3 holds a recorded value, to be taken from the answer of t_0001, JSON "ticket"/,
  );
  assert.deepEqual(judgeTrial({ traces, recorded, play: start("139") }).objections, []);
});

Deno.test("judgeScript() refuses to ask for a constant of the protocol and for what an answer issued", () => {
  const grant = capture(
    trace(`POST ${APP}/token`, {
      form: { grant_type: "password", username: "noor", password: "password" },
      answer: { access_token: TOKEN },
    }),
    ...PLAIN.slice(1),
  );
  const verdict = judgeTrial({
    traces: grant,
    recorded: { user: "noor", password: "password" },
    play: (who) => ({
      sent: {
        t_0001: login("/token", {
          form: { grant_type: who.password, username: who.user, password: who.password },
        }),
      },
    }),
  });
  assertRefuses(verdict, /"grant_type" is asked for, but it is a constant of the protocol/);
});

Deno.test("judgeScript() misses a second factor that the script never submits", () => {
  const traces = capture(
    PLAIN[0]!,
    trace(`POST ${APP}/api/second`, { json: { otp: "604218" }, answer: { ok: true } }),
    ...PLAIN.slice(1),
  );
  assertRefuses(
    judgeTrial({ traces, recorded, play: play() }),
    /"otp" was typed on the way to the login, and the script never submits it/,
  );
});

Deno.test("judgeScript() finds names and parts of passwords in literals, but no plain words", () => {
  const source = 'const a = "quay"; const b = `/people/noor.feld`;';
  assert.deepEqual(problems(judgeTrial({ traces: PLAIN, recorded, play: play(), source })), [
    "script line 1 holds the user name of the recording",
  ]);
  const word = { user: "orders", password: "Tarn-88 quay" };
  const traces = capture(
    trace(`POST ${APP}/orders/enter`, { json: { ...word, app: KEY }, answer: { token: TOKEN } }),
    ...PLAIN.slice(1),
  );
  const verdict = judgeTrial({
    traces,
    recorded: word,
    source: 'fetch("/orders/enter")',
    play: (who) => ({
      ...play()(who),
      sent: {
        t_0001: login("/orders/enter", {
          json: { user: who.user, password: who.password, app: KEY },
        }),
      },
    }),
  });
  assert.deepEqual(verdict.objections, []);
});

Deno.test("judgeScript() reads credentials inline in XML and GraphQL, and positional ones", () => {
  const bodies: Record<string, (user: string, password: string) => TraceParts> = {
    XML: (user, password) => ({
      body: [
        "text/xml",
        `<a:Token><a:Username>${xml(user)}</a:Username><a:Password>${
          xml(password)
        }</a:Password></a:Token>`,
      ],
    }),
    GraphQL: (user, password) => ({
      json: {
        query: `mutation { login(username: ${JSON.stringify(user)}, password: ${
          JSON.stringify(password)
        }) { token } }`,
      },
    }),
    positional: (user, password) => ({
      json: { method: "account.login", params: [user, password] },
    }),
  };
  for (const [style, parts] of Object.entries(bodies)) {
    const traces = capture(
      trace(`POST ${APP}/rpc`, {
        ...parts(recorded.user, recorded.password),
        answer: { token: TOKEN },
      }),
      ...PLAIN.slice(1),
    );
    const sending = (password: (who: Person) => string) => (who: Person): Played => ({
      sent: { t_0001: login("/rpc", parts(who.user, password(who))) },
      result: {
        headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
        parameters: [],
        computed: [],
      },
    });
    const right = judgeTrial({ traces, recorded, play: sending((who) => who.password) });
    assert.deepEqual(right.objections, [], style);
    const wrong = judgeTrial({ traces, recorded, play: sending(() => recorded.password) });
    assertRefuses(wrong, /is not a password that is asked for/);
  }
});

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
