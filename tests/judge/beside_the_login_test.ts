/** What stands beside a login: other sites, refused attempts, messages with codes, sessions that go on. */
import assert from "node:assert/strict";
import { requestValues } from "../../lib/judge/request_values.ts";
import { base64UrlEncode } from "../../lib/http/base64.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { judgeTrial, type Person, type Played, type Trial } from "./trial.ts";

const APP = "https://pier.example";
const PAY = "https://till.example.net";
const TOKEN = "Zq81mmT0pLx4Rr7wB2";
const recorded = { user: "noor.feld", password: "Tarn-88 quay" };

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const carrying = (token: string): TraceParts => ({ headers: Object.entries(bearer(token)) });
const json = ({ user, password }: Pick<Person, "user" | "password">) => ({ user, password });
const enter = (parts: TraceParts = { json: recorded }) =>
  trace(`POST ${APP}/enter`, { answer: { token: TOKEN }, ...parts });
const use = trace(`GET ${APP}/api/orders`, { ...carrying(TOKEN), answer: {} });

function refusals(trial: Omit<Trial, "recorded">): string[] {
  return judgeTrial({ recorded, ...trial }).objections
    .map(({ where, problem }) => `${where} ${problem}`);
}

/** A script that sends name and password to the app, as `step`, and hands the token over. */
const login = (step: string) => (who: Person): Played => ({
  sent: { [step]: enter({ json: json(who) }).request },
  result: { headers: bearer(who.fresh(TOKEN)), parameters: [], computed: [] },
});

const beside = (step: string, ...traces: readonly Trace[]) => ({
  traces: capture(...traces),
  play: login(step),
});

Deno.test("judgeScript() wants no password of a frame of another site, unless that hands something on", () => {
  const pay = (answer: TraceParts["answer"] = {}) =>
    trace(`POST ${PAY}/identify`, { json: { user: "card-77", password: "Kiel 1904" }, answer });
  assert.deepEqual(refusals(beside("t_0001", enter(), pay(), use)), []);
  const ticket = "Mk22-91hhQ0zzP4t7Y";
  const taken = trace(`POST ${APP}/paid`, { json: { ticket }, answer: {} });
  assert.deepEqual(refusals(beside("t_0001", enter(), pay({ ticket }), taken, use)), [
    'body field "password" was typed on the way to the login, and the script never submits it',
  ]);
});

Deno.test("judgeScript() wants no attempt repeated that the site refused", () => {
  const refused = trace(`POST ${APP}/v1/enter`, { json: recorded, status: 401, answer: {} });
  assert.deepEqual(refusals(beside("t_0002", refused, enter(), use)), []);
  const accepted = trace(`POST ${APP}/v1/enter`, { json: recorded, answer: {} });
  assert.equal(refusals(beside("t_0002", accepted, enter(), use)).length, 1);
});

Deno.test("judgeScript() wants the request that makes the server send the code which is typed", () => {
  const ask = trace(`POST ${APP}/send-code`, { json: { user: "noor.feld" }, answer: {} });
  const verify = (code: string, user: string) =>
    trace(`POST ${APP}/verify`, { json: { user, code }, answer: { token: TOKEN } });
  const found = refusals({
    traces: capture(ask, verify("441-870", "noor.feld"), use),
    asks: ["user", "extra"],
    extra: "441-870",
    play: (who) => ({
      sent: { t_0002: verify(who.extra, who.user).request },
      result: { headers: bearer(who.fresh(TOKEN)), parameters: [], computed: [] },
    }),
  });
  assert.deepEqual(found, [
    "request made the server send the code, and the script never makes it",
  ]);
});

Deno.test("judgeScript() wants the name that was said a request before the password", () => {
  const flow = "Vv07-kk31TzQ9m4Hs2";
  const named = trace(`POST ${APP}/who`, { json: { user: "noor.feld", flow }, answer: {} });
  const second = (password: string, id: string) =>
    trace(`POST ${APP}/enter`, { json: { flow: id, password }, answer: { token: TOKEN } });
  const found = refusals({
    traces: capture(
      trace(`GET ${APP}/start`, { answer: { flow } }),
      named,
      second(recorded.password, flow),
      use,
    ),
    asks: ["password"],
    play: (who) => ({
      sent: {
        t_0001: trace(`GET ${APP}/start`).request,
        t_0003: second(who.password, who.fresh(flow)).request,
      },
      result: { headers: bearer(who.fresh(TOKEN)), parameters: [], computed: [] },
    }),
  });
  assert.deepEqual(found, ['body field "user" says who logs in, and the script never sends it']);
});

Deno.test("judgeScript() takes the session's cookie of the login, which a request without a body kept alive", () => {
  const [before, after] = ["a1Zq81mmT0pLx4Rr7w", "b2Pw55xxX3cVn8Qs1d"];
  const found = (path: string) =>
    refusals({
      traces: capture(
        enter({ json: recorded, setCookies: [`sid=${before}; Path=/`], answer: {} }),
        trace(`POST ${APP}/${path}`, {
          cookie: `sid=${before}`,
          setCookies: [`sid=${after}; Path=/`],
        }),
        trace(`GET ${APP}/api/orders`, { cookie: `sid=${after}`, answer: {} }),
      ),
      play: (who) => ({
        sent: { t_0001: enter({ json: json(who) }).request },
        result: {
          headers: { Cookie: `sid=${who.fresh(before)}` },
          parameters: [],
          computed: [],
        },
      }),
    });
  assert.deepEqual(found("session/keep-alive"), []);
  assert.match(found("session/step-up").join(), /is the one from before the request that set it/);
});

Deno.test("judgeScript() takes a field that is called as the user is for the same field", () => {
  const body = ({ user, password }: Pick<Person, "user" | "password">) => ({
    user,
    password,
    remember: { [user]: true },
  });
  const found = refusals({
    traces: capture(enter({ json: body(recorded) }), use),
    play: (who) => ({
      ...login("t_0001")(who),
      sent: { t_0001: enter({ json: body(who) }).request },
    }),
  });
  assert.deepEqual(found, []);
});

Deno.test("judgeScript() takes a signed token out of a text that nothing takes apart", () => {
  const signed = [{ alg: "HS256" }, { sub: "7" }].map((part) =>
    base64UrlEncode(JSON.stringify(part))
  );
  const token = [...signed, "k8Zq81mmT0pLx4Rr7wB2m1Q"].join(".");
  const found = (handedOver: (who: Person) => string) =>
    refusals({
      traces: capture(
        trace(`POST ${APP}/enter`, { json: recorded, text: `granted;${token};until tonight` }),
        trace(`GET ${APP}/api/orders`, { ...carrying(token), answer: {} }),
      ),
      reminted: [token],
      play: (who) => ({
        sent: { t_0001: enter({ json: json(who) }).request },
        result: { headers: bearer(handedOver(who)), parameters: [], computed: [] },
      }),
    });
  assert.deepEqual(found((who) => who.fresh(token)), []);
  assert.match(
    found((who) => `${who.fresh(signed.join("."))}.${who.random(23)}`).join(),
    /is a signed value that no answer holds whole/,
  );
});

Deno.test("judgeScript() takes chance that it handed out itself for no proof of where a value comes from", () => {
  const proof = "x8Kq20ffR1bbN6wwE3";
  const body = (who: Pick<Person, "user" | "password">, made: string) => ({
    json: { ...json(who), device_proof: made },
  });
  const found = refusals({
    traces: capture(enter(body(recorded, proof)), use),
    drawn: proof,
    play: (who) => ({
      ...login("t_0001")(who),
      sent: { t_0001: enter(body(who, who.random(18))).request },
    }),
  });
  assert.match(found.join(), /"device_proof" is made up, and no standard lets the client/);
});

Deno.test("judgeScript() refuses a credential in the result that no request carried and nothing gave", () => {
  const found = (key: (who: Person) => string) =>
    refusals({
      traces: capture(enter(), use),
      play: (who) => ({
        ...login("t_0001")(who),
        result: {
          headers: { ...bearer(who.fresh(TOKEN)), "X-Pier-Key": key(who) },
          parameters: [],
          computed: [],
        },
      }),
    });
  assert.match(found((who) => who.random(20)).join(), /"X-Pier-Key" is made up/);
  assert.deepEqual(found((who) => who.user), []);
});

Deno.test("judgeScript() says of a login that asks for nothing what somebody may have typed", () => {
  const verdict = judgeTrial({
    recorded,
    traces: capture(enter({ json: { berth: "North 77-4", lang: "sv" } }), use),
    asks: [],
    play: (who) => ({
      ...login("t_0001")(who),
      sent: { t_0001: enter({ json: { berth: "North 77-4", lang: "sv" } }).request },
    }),
  });
  assert.deepEqual(
    verdict.assumptions.map(({ where, as }) => `${where} ${as}`),
    ['body field "berth" constant'],
  );
});

Deno.test("requestValues() takes a header that is sent twice for one value", () => {
  const { request } = trace(`GET ${APP}/me`, {
    headers: [["X-Pier", "first"], ["x-pier", "second"]],
  });
  const values = requestValues(request).filter(({ kind }) => kind === "header");
  assert.deepEqual(values.map(({ value }) => value), ["first, second"]);
});
