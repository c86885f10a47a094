/** Small recordings in which one rule of the judge decides, for `deno task bench:rules`. Each says which. */
import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import type { HttpRequest } from "../../lib/http/exchange.ts";
import type { Demands } from "../../lib/judge/demands.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { judgeTrial, NO_DEMANDS, type Person, type Played, type Trial } from "./trial.ts";

const APP = "https://quarry.example";
const TOKEN = "Hq27ndZ0rLx8Vv3yB5";
const recorded = { user: "mara.tiel", password: "Gorse-31 hill" };

const sends = (line: string, parts: TraceParts): HttpRequest =>
  trace(line.replace("/", `${APP}/`), parts).request;
const ME = trace(`GET ${APP}/me`, {
  headers: [["Authorization", `Bearer ${TOKEN}`]],
  answer: {},
});
const handsOver = ({ fresh }: Person) => ({
  headers: { Authorization: `Bearer ${fresh(TOKEN)}` },
  parameters: [],
  computed: [],
});

function refusals(trial: Omit<Trial, "recorded"> & { recorded?: Trial["recorded"] }): string {
  const { objections } = judgeTrial({ recorded, ...trial });
  return objections.map(({ where, problem }) => `${where} ${problem}`).join("; ");
}

interface Login extends Partial<Trial> {
  /** Of the login's request, beside user and password. */
  readonly beside?: Readonly<Record<string, JsonValue>>;
  /** What the script sends in its place; else the same. */
  readonly sent?: (who: Person) => TraceParts;
  readonly headers?: TraceParts["headers"];
}

/** A login in one request of JSON, right but for what is given. */
function login({ beside = {}, sent, headers = [], ...trial }: Login): string {
  const traces = capture(
    trace(`POST ${APP}/enter`, {
      headers,
      json: { ...recorded, ...beside },
      answer: { token: TOKEN },
    }),
    ME,
  );
  const right = ({ user, password }: Person) => ({ json: { user, password, ...beside }, headers });
  const play = (who: Person): Played => ({
    sent: { t_0001: sends("POST /enter", sent?.(who) ?? right(who)) },
    result: handsOver(who),
  });
  return refusals({ traces, play, ...trial });
}

const demands = (one: Partial<Demands["requests"][number]>, lifetimeSec: number | null = null) => ({
  requests: [{ trace: "t_0001", headers: [], cookies: [], ...one }],
  result: { ...NO_DEMANDS.result, lifetimeSec },
});

Deno.test("contentType: JSON under another type is refused", () => {
  const sent = ({ user, password }: Person): TraceParts => ({
    body: ["text/plain", JSON.stringify({ user, password })],
  });
  assert.equal(login({ demands: demands({}) }), "");
  assert.match(
    login({ sent, demands: demands({}) }),
    /"Content-Type" is text\/plain/,
  );
});

Deno.test("missingCookies: a demanded cookie is missed", () => {
  assert.match(login({ demands: demands({ cookies: ["sid"] }) }), /cookie "sid" is missing/);
});

Deno.test("lifetime: a lifetime far from the recorded one is refused", () => {
  const lasting = (expiresInSec: number) =>
    login({
      demands: demands({}, 3_600),
      play: (who) => ({
        sent: {
          t_0001: sends("POST /enter", { json: { user: who.user, password: who.password } }),
        },
        result: { ...handsOver(who), expiresInSec },
      }),
    });
  assert.equal(lasting(3_590), "");
  assert.match(lasting(60), /is far from the lifetime in the recording/);
});

Deno.test("lostFields: a field that only the recorded person sends is missed", () => {
  const beside = { branch: "north" };
  const sent = ({ user, password }: Person): TraceParts => ({
    json: { user, password, ...user === recorded.user ? beside : {} },
  });
  assert.equal(login({ beside }), "");
  assert.match(login({ beside, sent }), /"branch"/);
});

Deno.test("#clientHeaders: nobody types which client asks", () => {
  const headers: TraceParts["headers"] = [["User-Agent", "Quarry/4.1 desk"]];
  const sent = ({ user, password, extra }: Person): TraceParts => ({
    headers: [["User-Agent", extra]],
    json: { user, password },
  });
  const asks = ["user", "password", "extra"] as const;
  assert.match(
    login({ headers, sent, asks, extra: "Quarry/4.1 desk" }),
    /"User-Agent" is asked for, but it says which client it is/,
  );
});

Deno.test("#told: what the user told is asked for, whatever its field is called", () => {
  const beside = { motto: "blue moor" };
  assert.equal(login({ beside }), "");
  assert.match(
    login({ beside, hints: ["blue moor"] }),
    /"motto" is not what is asked for, and the user told/,
  );
});

Deno.test("#isFirstPin: a PIN in the first request that sends anything is a password", () => {
  const pin = { user: "mara.tiel", password: "4821" };
  const traces = capture(
    trace(`POST ${APP}/enter`, {
      json: { user: pin.user, pin: pin.password },
      answer: { token: TOKEN },
    }),
    ME,
  );
  const play = (who: Person): Played => ({
    sent: { t_0001: sends("POST /enter", { json: { user: who.user, pin: "4821" } }) },
    result: handsOver(who),
  });
  assert.match(
    refusals({ traces, recorded: pin, play }),
    /"pin" is not a password that is asked for/,
  );
});

Deno.test("#namesUserAlone: who wants a code is asked for", () => {
  const traces = capture(
    trace(`POST ${APP}/send-code`, { json: { email: "mara" }, answer: {} }),
    trace(`POST ${APP}/enter`, { json: { code: "739215" }, answer: { token: TOKEN } }),
    ME,
  );
  const play = (named: (who: Person) => string) => (who: Person): Played => ({
    sent: {
      t_0001: sends("POST /send-code", { json: { email: named(who) } }),
      t_0002: sends("POST /enter", { json: { code: who.password } }),
    },
    result: handsOver(who),
  });
  const people = { user: "mara", password: "739215" };
  assert.equal(refusals({ traces, recorded: people, play: play(({ user }) => user) }), "");
  assert.match(
    refusals({ traces, recorded: people, play: play(() => "mara") }),
    /"email" is not a user name that is asked for/,
  );
});

Deno.test("#isOAuthCode: the code of an exchange is nobody's to type", () => {
  const form = { grant_type: "authorization_code", code: "739215" };
  const traces = capture(
    trace(`POST ${APP}/token`, { form, answer: { token: TOKEN } }),
    ME,
  );
  const play = (who: Person): Played => ({
    sent: { t_0001: sends("POST /token", { form }) },
    result: handsOver(who),
  });
  assert.doesNotMatch(refusals({ traces, play, asks: [] }), /one-time code/);
});

Deno.test("#isEchoed: a short credential that comes back under its name was issued", () => {
  const traces = capture(
    trace(`GET ${APP}/enter`, { answer: { seal_token: "oak" } }),
    trace(`POST ${APP}/enter`, {
      json: { ...recorded, seal_token: "oak" },
      answer: { token: TOKEN },
    }),
    ME,
  );
  const play = (who: Person): Played => ({
    sent: {
      t_0001: sends("GET /enter", {}),
      t_0002: sends("POST /enter", {
        json: { user: who.user, password: who.password, seal_token: "oak" },
      }),
    },
    result: handsOver(who),
  });
  assert.match(refusals({ traces, play }), /"seal_token" holds a recorded value/);
});

Deno.test("staleCookies: the cookie of before the login is not handed over", () => {
  const [early, late] = ["Vb5k2Rq9Xw1Lm4Tz", "Pn8c6Yd3Jf7Hs0Ga"];
  const set = (value: string): TraceParts => ({
    answerHeaders: [["Set-Cookie", `sid=${value}; Path=/`]],
    answer: {},
  });
  const traces = capture(
    trace(`GET ${APP}/enter`, set(early)),
    trace(`POST ${APP}/enter`, {
      headers: [["Cookie", `sid=${early}`]],
      json: recorded,
      ...set(late),
    }),
    trace(`GET ${APP}/me`, { headers: [["Cookie", `sid=${late}`]], answer: {} }),
  );
  const play = (kept: string) => ({ user, password, fresh }: Person): Played => ({
    sent: {
      t_0001: sends("GET /enter", {}),
      t_0002: sends("POST /enter", {
        headers: [["Cookie", `sid=${fresh(early)}`]],
        json: { user, password },
      }),
    },
    result: { headers: { Cookie: `sid=${fresh(kept)}` }, parameters: [], computed: [] },
  });
  assert.equal(refusals({ traces, play: play(late) }), "");
  assert.match(refusals({ traces, play: play(early) }), /is not the value the last answer has set/);
});

Deno.test("issuedWithin: a recorded value within a longer text of the script is found", () => {
  const salt = "b7e1c02f94aa63d8";
  const traces = capture(
    trace(`GET ${APP}/salt`, { answer: { salt } }),
    trace(`POST ${APP}/enter`, { json: recorded, answer: { token: TOKEN } }),
    ME,
  );
  const play = (who: Person): Played => ({
    sent: {
      t_0002: sends("POST /enter", { json: { user: who.user, password: who.password } }),
    },
    result: handsOver(who),
  });
  const source = `const mixed = "begin${salt}end";`;
  assert.match(refusals({ traces, play, source }), /script line 1 holds a recorded value/);
});

Deno.test("isSentBefore: what was sent before anything was typed is a constant with a name in it", () => {
  const admin = { user: "web-01", password: recorded.password };
  const traces = capture(
    trace(`GET ${APP}/start?app=quarry.web-01`, { answer: {} }),
    trace(`POST ${APP}/enter`, { json: admin, answer: { token: TOKEN } }),
    ME,
  );
  const play = (who: Person): Played => ({
    sent: {
      t_0001: sends("GET /start?app=quarry.web-01", {}),
      t_0002: sends("POST /enter", { json: { user: who.user, password: who.password } }),
    },
    result: handsOver(who),
  });
  const source = 'const app = "quarry.web-01";';
  assert.equal(refusals({ traces, recorded: admin, play, source }), "");
});

Deno.test("formProblem, mayBeAsLong: a claimed value keeps about the length of the recorded one", () => {
  const value = "83a1f04c";
  const claimed = [{ value, isReproducible: false }];
  const claims = (times: number) =>
    login({
      beside: { proof: value },
      claimed,
      sent: ({ user, password, random }) => ({
        json: { user, password, proof: hexOf(random(4)).repeat(times) },
      }),
    });
  assert.equal(claims(1), "");
  assert.match(claims(5), /"proof" has a length far from the recorded one's/);
});

const hexOf = (text: string) => new TextEncoder().encode(text).toHex();
