/** Mistakes that show only where places are compared: with pages, with each other, with the result. */
import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { capture, RECORDED_AT_MS, trace, type TraceParts } from "../support/traces.ts";
import { judgeTrial, type Person, type Played, type Trial } from "./trial.ts";

const APP = "https://yard.example";
const TOKEN = "Zq81mmT0pLx4Rr7wB2";
const recorded = { user: "noor.feld", password: "Tarn-88 quay" };

const send = (line: string, parts: TraceParts) => trace(`${line}`, parts).request;

function refusals(trial: Omit<Trial, "recorded"> & { recorded?: Trial["recorded"] }): string {
  const { objections } = judgeTrial({ recorded, ...trial });
  return objections.map(({ where, problem }) => `${where} ${problem}`).join("; ");
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const handsOver = (headers: Record<string, string>) =>
  ({ headers, parameters: [], computed: [] }) as const;

/** A login in JSON whose token the app's requests carry, and what a script sends in its place. */
function jsonLogin(
  body: JsonValue,
  sent: (who: Person) => JsonValue,
  who: Trial["recorded"] = recorded,
): string {
  return refusals({
    recorded: who,
    traces: capture(
      trace(`POST ${APP}/enter`, { json: body, answer: { token: TOKEN } }),
      trace(`GET ${APP}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
    ),
    play: (person): Played => ({
      sent: { t_0001: send(`POST ${APP}/enter`, { json: sent(person) }) },
      result: handsOver(bearer(person.fresh(TOKEN))),
    }),
  });
}

Deno.test("judgeScript() wants every box asked for that the page of a password left empty", () => {
  const page =
    `<form><input name="yard"><input name="user"><input name="password" type="password">`;
  const traces = capture(
    trace(`GET ${APP}/enter`, { html: page }),
    trace(`POST ${APP}/enter`, {
      form: { yard: "Nordkai", ...recorded },
      answer: { token: TOKEN },
    }),
    trace(`GET ${APP}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
  );
  const play = ({ user, password, fresh }: Person): Played => ({
    sent: {
      t_0002: send(`POST ${APP}/enter`, { form: { yard: "Nordkai", user, password } }),
    },
    result: handsOver(bearer(fresh(TOKEN))),
  });
  assert.match(refusals({ traces, play }), /"yard" is not a text that is asked for/);
});

Deno.test("judgeScript() wants a user of one digit asked for, and a password in hex encoded", () => {
  const till = { user: "7", password: "5520" };
  const body = { user: "7", pin: "5520", floor: "7" };
  assert.equal(
    jsonLogin(body, ({ user, password }) => ({ ...body, user, pin: password }), till),
    "",
  );
  assert.match(
    jsonLogin(body, ({ password }) => ({ ...body, pin: password }), till),
    /"user" is not a user name that is asked for/,
  );
  const hex = (text: string) => new TextEncoder().encode(text).toHex();
  const encoded = { user: recorded.user, password: hex(recorded.password) };
  assert.equal(
    jsonLogin(encoded, ({ user, password }) => ({ user, password: hex(password) })),
    "",
  );
  assert.match(
    jsonLogin(encoded, ({ user, password }) => ({ user, password }), {
      ...recorded,
      password: encoded.password,
    }),
    /is the hex of a text/,
  );
});

Deno.test("judgeScript() refuses text that is asked for beside a name that was typed", () => {
  const body = { ...recorded, device: `desk-${recorded.user}` };
  assert.equal(
    jsonLogin(body, ({ user, password }) => ({ user, password, device: `desk-${user}` })),
    "",
  );
  const glued = refusals({
    traces: capture(
      trace(`POST ${APP}/enter`, { json: body, answer: { token: TOKEN } }),
      trace(`GET ${APP}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
    ),
    asks: ["user", "password", "extra"],
    extra: "desk-",
    play: ({ user, password, fresh, extra }): Played => ({
      sent: {
        t_0001: send(`POST ${APP}/enter`, { json: { user, password, device: extra + user } }),
      },
      result: handsOver(bearer(fresh(TOKEN))),
    }),
  });
  assert.match(glued, /"device" is asked for, but it stands beside what was typed/);
});

Deno.test("judgeScript() refuses a result without what the login issued, or with what it made stale", () => {
  const before = "k1Zq81mmT0pLx4Rr7w";
  const after = "k2Pw55bbX3cVn8Qs1d";
  const traces = capture(
    trace(`GET ${APP}/enter`, { html: `<meta name="csrf-token" content="${before}">` }),
    trace(`POST ${APP}/enter`, {
      form: { ...recorded, csrf: before },
      setCookies: ["sid=aa11bb22cc33dd44ee55; Path=/"],
      location: "/home",
    }),
    trace(`GET ${APP}/home`, {
      cookie: "sid=aa11bb22cc33dd44ee55",
      html: `<meta name="csrf-token" content="${after}">`,
    }),
    trace(`POST ${APP}/orders`, {
      cookie: "sid=aa11bb22cc33dd44ee55",
      headers: [["X-CSRF-Token", after]],
      json: { n: 1 },
      answer: {},
    }),
  );
  const play = (headers: (who: Person) => Record<string, string>) => (who: Person): Played => ({
    sent: {
      t_0001: send(`GET ${APP}/enter`, {}),
      t_0002: send(`POST ${APP}/enter`, {
        form: { user: who.user, password: who.password, csrf: who.fresh(before) },
      }),
      t_0003: send(`GET ${APP}/home`, { cookie: `sid=${who.fresh("aa11bb22cc33dd44ee55")}` }),
    },
    result: handsOver(headers(who)),
  });
  const cookie = ({ fresh }: Person) => `sid=${fresh("aa11bb22cc33dd44ee55")}`;
  const right = (who: Person) => ({ Cookie: cookie(who), "X-CSRF-Token": who.fresh(after) });
  assert.equal(refusals({ traces, play: play(right) }), "");
  assert.match(
    refusals({ traces, play: play((who) => ({ "X-CSRF-Token": who.fresh(after) })) }),
    /cookie "sid" is missing: the login issued it/,
  );
  const stale = (who: Person) => ({ Cookie: cookie(who), "X-CSRF-Token": who.fresh(before) });
  assert.match(refusals({ traces, play: play(stale) }), /"X-CSRF-Token" is not the value/);
});

Deno.test("judgeScript() wants what the client makes to come back as it was sent", () => {
  const state = "5fGh81mmT0pLx4Rr7w";
  const traces = capture(
    trace(`GET ${APP}/authorize?state=${state}`, { html: "<form></form>" }),
    trace(`POST ${APP}/enter`, { form: { ...recorded, state }, answer: { token: TOKEN } }),
    trace(`GET ${APP}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
  );
  const play = (again: (who: Person) => string) => (who: Person): Played => ({
    sent: {
      t_0001: send(`GET ${APP}/authorize?state=${who.random(18)}`, {}),
      t_0002: send(`POST ${APP}/enter`, {
        form: { user: who.user, password: who.password, state: again(who) },
      }),
    },
    result: handsOver(bearer(who.fresh(TOKEN))),
  });
  assert.equal(refusals({ traces, play: play((who) => who.random(18)) }), "");
  assert.match(
    refusals({ traces, play: play((who) => who.random(17)) }),
    /"state" is another value than query parameter "state" of t_0001/,
  );
});

Deno.test("judgeScript() refuses a moment of the recording and a made-up value in the text of a script", () => {
  const state = "5fGh81mmT0pLx4Rr7w";
  const traces = capture(
    trace(`POST ${APP}/enter?state=${state}`, { json: { ...recorded }, answer: { token: TOKEN } }),
    trace(`GET ${APP}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
  );
  const play = ({ user, password, fresh, random }: Person): Played => ({
    sent: { t_0001: send(`POST ${APP}/enter?state=${random(18)}`, { json: { user, password } }) },
    result: handsOver(bearer(fresh(TOKEN))),
  });
  assert.equal(refusals({ traces, play, source: "sign(`${user}:${now}`)" }), "");
  const moment = `sign(\`\${user}:${RECORDED_AT_MS + 3_000}\`)`;
  assert.match(refusals({ traces, play, source: moment }), /holds the moment of the recording/);
  const made = `sign("x", "${state}")`;
  assert.match(refusals({ traces, play, source: made }), /holds a value that the client makes up/);
});

Deno.test("judgeScript() refuses a short value that the answers hold as another one now", () => {
  const traces = capture(
    trace(`GET ${APP}/enter`, { answer: { bag: { csrf: "q9x" } } }),
    trace(`POST ${APP}/enter`, {
      json: { ...recorded },
      headers: [["X-Csrf", "q9x"]],
      answer: { token: TOKEN },
    }),
    trace(`GET ${APP}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
  );
  const reminted = ["q9x"];
  const play = (csrf: (who: Person) => string) => (who: Person): Played => ({
    sent: {
      t_0001: send(`GET ${APP}/enter`, {}),
      t_0002: send(`POST ${APP}/enter`, {
        json: { user: who.user, password: who.password },
        headers: [["X-Csrf", csrf(who)]],
      }),
    },
    result: handsOver(bearer(who.fresh(TOKEN))),
  });
  assert.equal(refusals({ traces, reminted, play: play(({ fresh }) => fresh("q9x")) }), "");
  assert.match(
    refusals({ traces, reminted, play: play(() => "q9x") }),
    /"X-Csrf" holds a recorded value/,
  );
});

Deno.test("judgeScript() says that a part of the site wants a session which the script never earns", () => {
  const data = (path: string, cookie: string, parts: TraceParts = {}) =>
    trace(`GET ${APP}${path}`, { cookie, answer: { list: [1] }, ...parts });
  const taken = (...rest: readonly ReturnType<typeof trace>[]) => {
    const login = (who: Pick<Person, "user" | "password">, sid: string) =>
      trace(`POST ${APP}/hub/enter`, {
        form: { user: who.user, password: who.password },
        setCookies: [`hub=${sid}; Path=/hub`],
        answer: { ok: true },
      });
    const { objections, assumptions } = judgeTrial({
      recorded,
      traces: capture(login(recorded, TOKEN), data("/hub/me", `hub=${TOKEN}`), ...rest),
      play: (who) => ({
        sent: { t_0001: login(who, TOKEN).request },
        result: handsOver({ Cookie: `hub=${who.fresh(TOKEN)}` }),
      }),
    });
    assert.deepEqual(objections, []);
    for (const { why } of assumptions) {
      assert.match(why, /never earns it, and every request that this part of the site answered/);
    }
    return assumptions.map(({ trace, where, isSettled }) => `${trace} ${where} ${isSettled}`);
  };
  const berth = "berth=c0ffee00aa11bb22";
  const own = [data("/berth/4/locks", berth), data("/berth/4/boats", berth)];
  assert.deepEqual(taken(...own), ['t_0003 result cookie "berth" false']);
  const bearer: TraceParts = { headers: [["Authorization", "Bearer c0ffee00aa11bb22"]] };
  const keyed = ["/locks", "/boats"].map((path) => data(`/berth/4${path}`, "", bearer));
  assert.deepEqual(taken(...keyed), ['t_0003 result header "Authorization" false']);
  assert.deepEqual(taken(...keyed, data("/berth/4/map", "")), []);
  // A refusal for want of it shows nothing else.
  assert.deepEqual(taken(data("/berth/4/map", "", { status: 401 }), ...keyed), [
    't_0004 result header "Authorization" false',
  ]);
  // A cookie of another site is another cookie, though it is called alike.
  const elsewhere = trace("GET https://stock.example/list", {
    cookie: berth,
    answer: { list: [1] },
  });
  assert.deepEqual(taken(elsewhere, ...own), [
    't_0003 result cookie "berth" false',
    't_0004 result cookie "berth" false',
  ]);
  // An answer that the script never asks for issued it.
  const issuing = trace(`GET ${APP}/berth/4/`, {
    setCookies: [`${berth}; Path=/berth/4/`],
    location: "/berth/4/locks",
  });
  assert.deepEqual(taken(issuing, ...own), ['t_0004 result cookie "berth" false']);
  // What is answered without it there needs none: the page wrote it, or counts with it.
  assert.deepEqual(taken(data("/berth/4/", ""), ...own), []);
  assert.deepEqual(
    taken(...own.map(({ request: { url } }) => data(new URL(url).pathname, ""))),
    [],
  );
});
