/** A word that somebody types and that the client says as well is not asked for where the client says it. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace } from "../support/traces.ts";
import { judgeTrial, type Person } from "./trial.ts";

const APP = "https://loft.example";
const TOKEN = "n3Vk92PqTz0wLx6rBd";
const recorded = { user: "Studio", password: "Tablet" };
const AGENT = `Loft App="Web", Device="Tablet"`;
const PAGE = `<form><input type="hidden" name="act" value="Tablet"><input name="user">` +
  `<input name="password" type="password"></form>`;

/** What stands against a script that sends this device in the result, and this action with the form. */
function objections(before: Trace, device: (who: Person) => string, act: (who: Person) => string) {
  const agent = (name: string, token = "") =>
    `Loft App="Web", Device="${name}"${token === "" ? "" : `, Token="${token}"`}`;
  const post = (who: { user: string; password: string }, action: string) =>
    trace(`POST ${APP}/in`, {
      form: { act: action, user: who.user, password: who.password },
      answer: { token: TOKEN },
    });
  const { objections } = judgeTrial({
    traces: capture(
      before,
      post(recorded, "Tablet"),
      trace(`GET ${APP}/me`, { headers: [["Authorization", agent("Tablet", TOKEN)]], answer: {} }),
    ),
    recorded,
    play: (who) => ({
      sent: { t_0002: post(who, act(who)).request },
      result: {
        headers: { Authorization: agent(device(who), who.fresh(TOKEN)) },
        parameters: [],
        computed: [],
      },
    }),
  });
  return objections.map(({ where, problem }) => `${where} ${problem}`).join("; ");
}

const word = () => "Tablet";
const password = (who: Person) => who.password;
const info = trace(`GET ${APP}/info`, { headers: [["Authorization", AGENT]], answer: {} });
const page = trace(`GET ${APP}/in`, { html: PAGE });

Deno.test("a word of a header that was sent before anybody typed is the client's", () => {
  assert.equal(objections(info, word, word), "");
  assert.match(
    objections(info, password, word),
    /Authorization.* stood there before anybody typed/,
  );
});

Deno.test("the value of a page's hidden field is the page's", () => {
  assert.equal(objections(page, word, word), "");
  assert.match(objections(page, word, password), /"act" .* stood there before anybody typed/);
});
