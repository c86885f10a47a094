/** Users who are called like something that the site says before anybody has typed. */
import assert from "node:assert/strict";
import { FreshValues } from "../../lib/replay/fresh_values.ts";
import { RandomSource } from "../../lib/replay/random_source.ts";
import { provenLogin } from "../support/proven_login.ts";
import { capture, trace } from "../support/traces.ts";
import { countingRandom } from "./counting_random.ts";

const SITE = "https://quay.example";

/** A page in a colour scheme, chosen by a cookie and sent with the login. */
const traces = capture(
  trace(`GET ${SITE}/dark/enter`, {
    setCookies: ["look=dark; Path=/"],
    html:
      `<form action="/dark/enter" method="post"><select name="look"><option selected>dark</select>` +
      `<input name="who"><input type="password" name="pass"></form>`,
  }),
  trace(`POST ${SITE}/dark/enter`, {
    cookie: "look=dark",
    form: { look: "dark", who: "dark", pass: "raven_Feather 3" },
    setCookies: ["berth=98dc51173a5379248742; Path=/"],
    location: "/dark/desk",
  }),
  trace(`GET ${SITE}/dark/api/boats`, {
    cookie: "look=dark; berth=98dc51173a5379248742",
    answer: { skipper: "dark" },
  }),
);

Deno.test("proveScript() leaves a word alone that an answer held before the user was called so", async () => {
  const { problems, source } = await provenLogin(traces);
  assert.deepEqual(problems, []);
  assert.match(source, /\["look", "dark"\]/);
  const { proof } = await provenLogin(
    traces,
    (text) => text.replace('["look", "dark"]', '["look", username]'),
  );
  assert.deepEqual(proof.mismatches.map(({ where, problem }) => `${where}: ${problem}`), [
    'body field "look": is asked for, but the same word stood there before anybody typed',
  ]);
});

Deno.test("FreshValues replace a short input in answers from the moment on when it was typed", () => {
  const values = new FreshValues(new RandomSource(countingRandom()), [], {
    recordedAtMs: 0,
    nowMs: 0,
  });
  values.add("dark", { name: "username", kind: "input", sinceMs: 5000 }, "kel.rowan");
  const at = (recordedAtMs: number) => ({ recordedAtMs, nowMs: 0 });
  assert.equal(values.of("dark", at(4000)), "dark");
  assert.equal(values.of("dark", at(5000)), "kel.rowan");
  assert.equal(values.substituteJson('{"user":"dark"}', at(4000)), '{"user":"dark"}');
  assert.equal(values.substituteJson('{"user":"dark"}', at(6000)), '{"user":"kel.rowan"}');
  assert.equal(values.of("dark"), "kel.rowan");
});
