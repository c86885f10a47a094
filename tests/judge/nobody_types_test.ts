/** What a page writes on a button, what a build holds, and what a login sets: none of it is asked for. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { judgeTrial, type Person } from "./trial.ts";

const APP = "https://weir.example";
const TOKEN = "n3Vk92PqTz0wLx6rBd";
const recorded = { user: "Studio", password: "Tablet 4 mill" };

/** What stands against a script that sends this body at the login and hands the token over. */
function objections(
  before: readonly Trace[],
  body: (who: Pick<Person, "user" | "password">) => TraceParts,
  { source = "", others = [] as Trace[][] } = {},
): string {
  const post = (who: Pick<Person, "user" | "password">) =>
    trace(`POST ${APP}/in`, { ...body(who), answer: { token: TOKEN } });
  const headers = (token: string) => ({ Authorization: `Bearer ${token}` });
  const traces = capture(
    ...before,
    post(recorded),
    trace(`GET ${APP}/me`, { headers: Object.entries(headers(TOKEN)), answer: {} }),
  );
  const { objections } = judgeTrial({
    traces,
    recorded,
    source,
    others,
    play: (who) => ({
      sent: { [traces.at(-2)!.id]: post(who).request },
      result: { headers: headers(who.fresh(TOKEN)), parameters: [], computed: [] },
    }),
  });
  return objections.map(({ where, problem }) => `${where} ${problem}`).join("; ");
}

Deno.test("a button that is called like a user name was pressed, not typed", () => {
  const page = (button: string) =>
    trace(`GET ${APP}/in`, {
      html: `<form><input name="personfld"><input type="password" name="passwordfld">${button}`,
    });
  const form = ({ user, password }: Pick<Person, "user" | "password">) => ({
    form: { personfld: user, passwordfld: password, user: "Step 1 of 2" },
  });
  const pressed = '<input type="submit" name="user" value="Step 1 of 2"></form>';
  assert.equal(objections([page(pressed)], form), "");
  assert.match(objections([page("</form>")], form), /"user" is not a user name that is asked for/);
  const other = '<input type="submit" name="user" value="Step 2 of 2"></form>';
  assert.match(objections([page(other)], form), /"user" is not a user name/);
});

Deno.test("a UUID of the client's own code is a constant, and elsewhere the client made it up", () => {
  const build = "0c6f2a4e-93b1-4d07-8e55-71fa20cd9b36";
  const script = trace(`GET ${APP}/main.js`, {
    answerHeaders: [["Content-Type", "text/javascript"]],
    text: `var b={release:"${build}"}`,
  });
  const json = ({ user, password }: Pick<Person, "user" | "password">) => ({
    json: { user, password, release: build },
  });
  const source = `const RELEASE = "${build}";`;
  assert.equal(objections([script], json, { source }), "");
  assert.match(objections([], json, { source }), /holds a value that the client makes up/);
  const again = capture(trace(`POST ${APP}/in`, { ...json({ user: "ann", password: "b" }) }));
  assert.equal(objections([], json, { source, others: [again] }), "");
});

Deno.test("a new password of the recording is never set again", () => {
  const sets = (fields: Record<string, string>) =>
    objections([], ({ user, password }) => ({ json: { user, password, ...fields } }));
  assert.match(
    sets({ newPassword: "Heron.2", confirm: "Heron.2" }),
    /"newPassword" is a password of the recording.*"confirm" is a password of the recording/,
  );
  assert.match(sets({ pwd_repeat: "Heron.2" }), /"pwd_repeat" is a password of the recording/);
  assert.equal(sets({ passwordReset: "false", confirm: "yes" }), "");
});
