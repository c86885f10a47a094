/** A list of the login page: what was chosen is taken on trust, and its options are the evidence. */
import assert from "node:assert/strict";
import { capture, trace } from "../support/traces.ts";
import { judgeTrial } from "./trial.ts";

const SITE = "https://ferry.example";
const KEY = "k4Wz81tQb7Xn30Lp";
const recorded = { user: "ebba.moe", password: "Heron-41 reed" };

function said(list: string, crew: string, others: readonly string[] = []): string[] {
  const page = trace(`GET ${SITE}/login`, {
    html: `<form method=post>${list}<input name=user><input name=pass type=password></form>`,
  });
  const enter = (user: string, pass: string, chosen: string) =>
    trace(`POST ${SITE}/login`, { form: { crew: chosen, user, pass }, answer: { token: KEY } });
  const use = trace(`GET ${SITE}/boats`, {
    headers: [["Authorization", `Bearer ${KEY}`]],
    answer: [1],
  });
  const recording = (chosen: string) =>
    capture(page, enter(recorded.user, recorded.password, chosen), use);
  const { objections, assumptions } = judgeTrial({
    traces: recording(crew),
    others: others.map(recording),
    source: `const crew = "${crew}";`,
    recorded,
    play: ({ user, password, fresh }) => ({
      sent: {
        t_0001: page.request,
        t_0002: enter(user, password, crew).request,
      },
      result: {
        headers: { Authorization: `Bearer ${fresh(KEY)}` },
        parameters: [],
        computed: [],
      },
    }),
  });
  assert.deepEqual(objections, []);
  return assumptions.filter(({ isSettled }) => !isSettled).map(({ where, why }) =>
    `${where}: ${why}`
  );
}

const LIST = "<select name=crew><option>north<option value=s2 selected>South</select>";

Deno.test("judgeScript() names what was chosen from a list of the login page, with what it offers", () => {
  assert.deepEqual(said(LIST, "s2"), [
    'body field "crew": the page offers "north", "s2" there, and this was chosen',
  ]);
  assert.equal(said(LIST, "s2", ["north"]).length, 1);
});

Deno.test("judgeScript() takes no choice on trust where the list offers one, or others chose the same", () => {
  assert.deepEqual(said("<select name=crew><option>north</select>", "north"), []);
  assert.deepEqual(said("<input type=hidden name=crew value=north>", "north"), []);
  assert.deepEqual(said(LIST, "s2", ["s2"]), []);
  const other = "</form><form><select name=crew><option>north<option>south</select></form>";
  assert.deepEqual(said(`${other}<form><input type=hidden name=crew value=south>`, "south"), []);
  assert.equal(said(`${other}<form>`, "south").length, 1);
});
