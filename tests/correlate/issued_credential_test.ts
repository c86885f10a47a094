/** In a place of credentials equality with the login's answer decides, whatever the value looks like. */
import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { provenLogin } from "../support/proven_login.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const USER = { username: "mia.holt", password: "Sloop-and-9" };
const SITE = "https://boats.example";
const JSON_COOKIE = '{"access":"tide","uid":"u-77"}';

const header = (name: string, value: string): TraceParts => ({ headers: [[name, value]] });
const cookie = (value: string): TraceParts => ({ cookie: value });

const CARRIED: readonly (readonly [string, JsonValue, TraceParts, result: string])[] = [
  [
    "a word behind a scheme",
    { token: "lanternfish" },
    header("Authorization", "Bearer lanternfish"),
    'result header Authorization = "Bearer " + {token}',
  ],
  [
    "capitals behind a scheme of the app",
    { token: "QWXYZABCD" },
    header("Authorization", "Token QWXYZABCD"),
    'result header Authorization = "Token " + {token}',
  ],
  [
    "a number under a credential's name",
    { id: 73 },
    header("X-Session", "73"),
    "result header X-Session = {id}",
  ],
  [
    "a word under a name of the app's own",
    { pass: "lanternfish" },
    header("X-Boat", "lanternfish"),
    "result header X-Boat = {pass}",
  ],
  [
    "a word in base64",
    { token: "lanternfish" },
    header("Authorization", `Bearer ${btoa("lanternfish")}`),
    'result header Authorization = "Bearer " + base64({token})',
  ],
  [
    "a word as the password of a pair",
    { token: "lanternfish" },
    header("Authorization", `Basic ${btoa("mia.holt:lanternfish")}`),
    'result header Authorization = "Basic " + base64($username + ":" + {token})',
  ],
  [
    "a word that a script puts into a cookie",
    { token: "lanternfish" },
    cookie("auth=lanternfish"),
    "result client cookie auth = {token}",
  ],
  [
    "JSON in base64, marked, in a cookie",
    { access: "tide", uid: "u-77" },
    cookie(`s=base64-${btoa(JSON_COOKIE)}`),
    'result client cookie s = "base64-" + base64("{\\"access\\":\\"" + {access} + "\\",\\"uid\\":\\"" + {uid} + "\\"}")',
  ],
];

function linesOf(answer: JsonValue, parts: TraceParts): string[] {
  const get = (path: string) => trace(`GET ${SITE}${path}`, { answer: { boats: [1] }, ...parts });
  return flowLines(flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, { json: USER, answer }),
    get("/api/boats"),
    get("/api/trips"),
  ))));
}

for (const [about, answer, parts, result] of CARRIED) {
  Deno.test(`${about} comes from the login's answer`, () => {
    const lines = linesOf(answer, parts);
    assert.ok(lines.includes(result), lines.join("\n"));
  });
}

Deno.test("a short value under another name is not a credential by being equal", () => {
  const key = ["X-Api-Key", "k9Xw2QzL7mNp4RtB"] as const;
  const lines = linesOf({ count: 50, token: "lanternfish" }, {
    headers: [["X-Page-Size", "50"], ["Authorization", "Bearer lanternfish"], key],
  });
  assert.equal(lines.some((line) => line.includes("count")), false, lines.join("\n"));
});

Deno.test("what the client said itself is an echo, not issued", () => {
  const lines = linesOf({ user: "mia.holt", token: "lanternfish" }, {
    headers: [["X-User", "mia.holt"], ["Authorization", "Bearer lanternfish"]],
  });
  assert.equal(lines.some((line) => line.includes("gives user")), false, lines.join("\n"));
});

/** A cookie that a page writes, what the login answers, and how the script composes it; `null` where it does not. */
const COMPOSED: readonly (readonly [cookie: string, JsonValue, composed: string | null])[] = [
  ["uid=42:7", { id: 42, team: 7 }, '{id} + ":" + {team}'],
  ["uid=42%3A7", { id: 42, team: 7 }, 'url-encode({id} + ":" + {team})'],
  [
    "berth=88-4711-3",
    { quay: 3, who: { id: 88, yard: 4711 } },
    '{id} + "-" + {yard} + "-" + {quay}',
  ],
  ["uid=42:7", { id: 42, team: 7, last: [{ id: 7 }] }, null],
  ["uid=42:8", { id: 42, team: 7 }, null],
  ["view=3.2", { columns: 3, rows: 2 }, null],
];

for (const [value, answer, composed] of COMPOSED) {
  Deno.test(`${value} is ${composed === null ? "not " : ""}composed of ${JSON.stringify(answer)}`, async () => {
    const sid = "sid=77aa6c7b8a9d0eff";
    const login = (before: TraceParts = {}) =>
      trace(`POST ${SITE}/login`, {
        json: USER,
        answer,
        setCookies: [`${sid}; Path=/`],
        ...before,
      });
    const used = ["boats", "trips"].map((what) =>
      trace(`GET ${SITE}/data/${what}`, { cookie: `${sid}; ${value}`, answer: { list: [1] } })
    );
    const name = value.split("=")[0];
    const { flow, problems } = await provenLogin(capture(login(), ...used));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      flowLines(flow).filter((line) => line.startsWith("result client")),
      composed === null ? [] : [`result client cookie ${name} = ${composed}`],
    );
    // What was sent before the answer cannot come from it.
    const older = flowOf(analyzeLogin(capture(login({ cookie: value }), ...used)));
    assert.deepEqual(older.result.cookies?.client, []);
  });
}

Deno.test("a script that does not compose such a cookie is proven but for it", async () => {
  const sid = "sid=77aa6c7b8a9d0eff";
  const traces = capture(
    trace(`POST ${SITE}/login`, { json: USER, answer: { id: 42, team: 7 }, setCookies: [sid] }),
    ...["boats", "trips"].map((what) =>
      trace(`GET ${SITE}/data/${what}`, { cookie: `${sid}; uid=42:7`, answer: { list: [1] } })
    ),
  );
  const { proof } = await provenLogin(
    traces,
    (text) => text.replace(/^ +session\.set_cookie\(.*"uid".*\n/m, ""),
  );
  assert.deepEqual(proof.assumptions.map(({ where }) => where), ['result cookie "uid"']);
});
