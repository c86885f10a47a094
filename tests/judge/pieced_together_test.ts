/** Values that look right beside the recorded ones and are put together from the wrong pieces. */
import assert from "node:assert/strict";
import type { RunResult } from "../../lib/judge/run.ts";
import { base64Encode } from "../../lib/http/base64.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { judgeTrial, type Person, type Played, type Trial } from "./trial.ts";

const APP = "https://ferry.example";
const TOKEN = "Zq81mmT0pLx4Rr7wB2";
const COOKIE = "3a6e569d8a34d8ed19b2916ca1086653";
const recorded = { user: "noor.feld@ferry.example", password: "Tarn-88 quay" };

const send = (line: string, parts: TraceParts) => trace(line, parts).request;
const json = ({ user, password }: Pick<Person, "user" | "password">) => ({ user, password });

function refusals(traces: Trial["traces"], play: Trial["play"]): string {
  const { objections } = judgeTrial({ recorded, traces, play });
  return objections.map(({ where, problem }) => `${where} ${problem}`).join("; ");
}

const handsOver = (headers: Record<string, string>): RunResult => ({
  headers,
  parameters: [],
  computed: [],
});

Deno.test("judgeScript() finds the recorded user beside a fresh token, from whatever pieces", () => {
  const credentials = (token: string, user: string) => `Token token="${token}", email="${user}"`;
  const traces = capture(
    trace(`POST ${APP}/session`, { json: json(recorded), answer: { token: TOKEN } }),
    trace(`GET ${APP}/me`, {
      headers: [["Authorization", credentials(TOKEN, recorded.user)]],
      answer: {},
    }),
  );
  const play = (userOf: (who: Person) => string) => (who: Person): Played => ({
    sent: { t_0001: send(`POST ${APP}/session`, { json: json(who) }) },
    result: handsOver({ Authorization: credentials(who.fresh(TOKEN), userOf(who)) }),
  });
  assert.equal(refusals(traces, play(({ user }) => user)), "");
  assert.match(
    refusals(traces, play(() => ["noor.feld", "ferry.example"].join("@"))),
    /result header "Authorization" holds the user name of the recording/,
  );
});

Deno.test("judgeScript() wants a cookie to hold what set it, and no other value of the answer", () => {
  const traces = capture(
    trace(`POST ${APP}/login`, {
      json: json(recorded),
      answer: { token: TOKEN },
      setCookies: [`ferry=${COOKIE}; Path=/`],
    }),
    trace(`GET ${APP}/me`, {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
      cookie: `ferry=${COOKIE}`,
      answer: {},
    }),
  );
  const play = (held: string) => (who: Person): Played => ({
    sent: { t_0001: send(`POST ${APP}/login`, { json: json(who) }) },
    result: handsOver({
      Authorization: `Bearer ${who.fresh(TOKEN)}`,
      Cookie: `ferry=${who.fresh(held)}`,
    }),
  });
  assert.equal(refusals(traces, play(COOKIE)), "");
  assert.match(
    refusals(traces, play(TOKEN)),
    /"ferry" is not the value that the recorded client sent/,
  );
});

Deno.test("judgeScript() wants a Basic pair in the alphabet of Basic", () => {
  const owner = { user: "noor.feld", password: "Tarn>>>???" };
  const pair = ({ user, password }: Pick<Person, "user" | "password">) =>
    base64Encode(`${user}:${password}`);
  const basic = (text: string): TraceParts => ({
    headers: [["Authorization", `Basic ${text}`]],
    json: {},
  });
  const traces = capture(
    trace(`POST ${APP}/token`, { ...basic(pair(owner)), answer: { token: TOKEN } }),
    trace(`GET ${APP}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
  );
  const judged = (write: (text: string) => string) =>
    judgeTrial({
      recorded: owner,
      traces,
      play: (who) => ({
        sent: { t_0001: send(`POST ${APP}/token`, basic(write(pair(who)))) },
        result: handsOver({ Authorization: `Bearer ${who.fresh(TOKEN)}` }),
      }),
    }).objections.map(({ problem }) => problem).join("; ");
  assert.equal(judged((text) => text), "");
  const written = judged((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  assert.match(written, /is not a user name that is asked for/);
});
