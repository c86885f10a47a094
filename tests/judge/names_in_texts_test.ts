/** What was typed in another step, inside a text, or at a registration. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace } from "../support/traces.ts";
import { judgeTrial, type Person } from "./trial.ts";

const APP = "https://weir.example";
const TOKEN = "n3Vk92PqTz0wLx6rBd";
const recorded = { user: "oda.skov", password: "Tablet 4 mill" };
type Who = Pick<Person, "user" | "password">;

/** What stands against a script that plays these requests, the last one for the token. */
function objections(
  steps: readonly ((who: Who) => Trace)[],
  played: readonly ((who: Who) => Trace | null)[],
  others: readonly (readonly Trace[])[] = [],
): string {
  const traces = capture(
    ...steps.map((step) => step(recorded)),
    trace(`GET ${APP}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
  );
  const { objections } = judgeTrial({
    traces,
    recorded,
    others,
    play: (who) => ({
      sent: Object.fromEntries(played.flatMap((step, at) => {
        const request = step(who)?.request;
        return request === undefined ? [] : [[traces[at]!.id, request]];
      })),
      result: {
        headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
        parameters: [],
        computed: [],
      },
    }),
  });
  return objections.map(({ where, problem }) => `${where} ${problem}`).join("; ");
}

Deno.test("judgeScript() wants the name asked for that a step before the password sends", () => {
  const name = ({ user }: { user: string }) =>
    trace(`POST ${APP}/person`, { json: { user }, answer: {} });
  const word = ({ password }: Who) =>
    trace(`POST ${APP}/word`, { json: { password }, answer: { token: TOKEN } });
  assert.equal(objections([name, word], [name, word]), "");
  assert.match(
    objections([name, word], [() => name(recorded), word]),
    /"user" says who logs in, and is not asked for/,
  );
});

Deno.test("judgeScript() reads JSON inside a field: who and the secret are asked for, and keep their places", () => {
  const enter = ({ user, password }: Who) =>
    trace(`POST ${APP}/in`, {
      form: { act: "enter", envelope: JSON.stringify({ user, secret: { password }, rev: 3 }) },
      answer: { token: TOKEN },
    });
  assert.equal(objections([enter], [enter]), "");
  assert.match(
    objections([enter], [({ password }) => enter({ user: recorded.user, password })]),
    /"envelope.user" is not a user name that is asked for/,
  );
  assert.match(
    objections([enter], [({ user }) => enter({ user, password: recorded.password })]),
    /"envelope.secret.password" is not a password that is asked for/,
  );
});

Deno.test("judgeScript() takes a registration with the same password for no part of the login", () => {
  const stub = "Hk27vTz90QbLx4";
  const login = (more: Record<string, string> = {}) => ({ user, password }: Who) =>
    trace(`POST ${APP}/login`, { json: { user, password, ...more }, answer: { token: TOKEN } });
  const before = (path: string) => ({ user, password }: Who) =>
    trace(`POST ${APP}${path}`, {
      json: { full_name: "Oda", user, password },
      answer: { stub },
    });
  assert.equal(objections([before("/signup"), login()], [() => null, login()]), "");
  assert.equal(objections([before("/gate"), login()], [() => null, login()]), "");
  const takes = login({ stub });
  assert.match(
    objections([before("/gate"), takes], [() => null, takes]),
    /"password" was typed on the way to the login, and the script never submits it/,
  );
});

Deno.test("judgeScript() refuses a word beside the password that is another one in another recording", () => {
  const login = (yard: string) => ({ user, password }: Who) =>
    trace(`POST ${APP}/login`, { json: { yard, user, password }, answer: { token: TOKEN } });
  const script = [login("west")];
  const other = (yard: string) => [capture(login(yard)(recorded))];
  assert.match(
    objections(script, script, other("east")),
    /"yard" is another value in another recording/,
  );
  assert.equal(objections(script, script, other("west")), "");
});

Deno.test("judgeScript() leaves a word to the site that an answer had before anybody typed", () => {
  const studio = { user: "Studio", password: "Tablet" };
  const token = "q7Hs02LmXc9vBn4kRw";
  const refused = (answer: Record<string, string>) => {
    const login = (who: Who, zone: string) =>
      trace(`POST ${APP}/login`, {
        json: { user: who.user, password: who.password, zone: { key: zone } },
        answer: { token },
      });
    return judgeTrial({
      traces: capture(
        trace(`GET ${APP}/about`, { answer }),
        login(studio, "Studio"),
        trace(`GET ${APP}/me`, { headers: [["Authorization", `Bearer ${token}`]], answer: {} }),
      ),
      recorded: studio,
      play: (who) => ({
        sent: { t_0002: login(who, who.user).request },
        result: {
          headers: { Authorization: `Bearer ${who.fresh(token)}` },
          parameters: [],
          computed: [],
        },
      }),
    }).objections.map(({ where, problem }) => `${where} ${problem}`).join("; ");
  };
  assert.match(
    refused({ zone: "Studio" }),
    /"zone.key" is asked for, but the same word stood there/,
  );
  assert.equal(refused({ lastUser: "Studio" }), "");
});
