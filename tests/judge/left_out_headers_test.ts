/** What browsers send of themselves: a script may leave it out where the recording does not show it to be needed. */
import assert from "node:assert/strict";
import type { Verdict } from "../../lib/judge/judge_script.ts";
import { capture, trace } from "../support/traces.ts";
import { judgeTrial, NO_DEMANDS } from "./trial.ts";

const APP = "https://kiln.example";
const TOKEN = "b7Tq02LkPz9sWn4xEd";
const recorded = { user: "ada.moor", password: "Glaze 1280" };

/** A script that sends these headers and no other beside its body, where the recorded client sent this one. */
function without(
  name: string,
  value: string,
  before: readonly ReturnType<typeof trace>[],
  headers: readonly (readonly [string, string])[] = [],
): Verdict {
  const traces = capture(
    ...before,
    trace(`POST ${APP}/in`, {
      headers: [[name, value]],
      json: { ...recorded },
      answer: { token: TOKEN },
    }),
    trace(`GET ${APP}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
  );
  const id = `t_000${before.length + 1}`;
  return judgeTrial({
    traces,
    recorded,
    demands: { ...NO_DEMANDS, requests: [{ trace: id, headers: [name], cookies: [] }] },
    play: ({ user, password, fresh }) => ({
      sent: { [id]: trace(`POST ${APP}/in`, { headers, json: { user, password } }).request },
      result: {
        headers: { Authorization: `Bearer ${fresh(TOKEN)}` },
        parameters: [],
        computed: [],
      },
    }),
  });
}

const post = (path: string, status: number) =>
  trace(`POST ${APP}${path}`, { json: { a: 1 }, answer: {}, status });

for (const name of ["Origin", "referer", "Accept", "X-Requested-With"]) {
  Deno.test(`leaving out ${name} is taken on trust, and said`, () => {
    const { objections, assumptions } = without(name, APP, []);
    assert.deepEqual(objections, []);
    const [{ where, why, isSettled }] = assumptions as [Verdict["assumptions"][0]];
    assert.deepEqual([where, isSettled], [`header "${name}"`, false]);
    assert.match(why, /leaves it out, and no recorded answer shows/);
  });

  Deno.test(`a like request accepted without ${name} settles it`, () => {
    const { objections, assumptions } = without(name, APP, [post("/other", 200)]);
    assert.deepEqual(objections, []);
    assert.deepEqual(assumptions.map(({ isSettled }) => isSettled), [true]);
    assert.match(assumptions[0]!.why, /t_0001 was accepted without it/);
  });

  Deno.test(`the same request refused without ${name} shows it to be needed`, () => {
    const { objections } = without(name, APP, [post("/in", 403)]);
    assert.match(objections[0]!.problem, /t_0001 was refused without it/);
  });
}

Deno.test("a header that the site's own code sets is needed", () => {
  const { objections } = without("X-Kiln-Client", "web", []);
  assert.deepEqual(objections.map(({ where }) => where), [`header "X-Kiln-Client"`]);
});

Deno.test("a script that says it comes from another site is refused", () => {
  for (
    const [name, value] of [["Origin", "https://other.example"], [
      "Referer",
      "https://other.example/in",
    ]]
  ) {
    const { objections } = without(name!, APP, [], [[name!, value!]]);
    assert.match(objections[0]!.problem, /names another site/);
    assert.deepEqual(without(name!, APP, [], [[name!, `${APP}/`]]).objections, []);
  }
});
