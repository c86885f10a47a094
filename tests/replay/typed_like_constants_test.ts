/** Passwords and names that equal a constant of the same request, from the recording to the proof. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import { linesOf } from "../support/flow_text.ts";
import { provenLogin } from "../support/proven_login.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://weir.example";
const TOKEN = "Zk3v8QxT1bRm6WzC0nHd";

type Form = Readonly<Record<string, string>>;

const post = (form: Form, parts: TraceParts = {}) =>
  trace(`POST ${SITE}/enter`, { form, answer: { access_token: TOKEN }, ...parts });

async function proven(...traces: readonly Trace[]) {
  const reading = ["locks", "boats"].map((what) =>
    trace(`GET ${SITE}/data/${what}`, {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
      answer: { list: [1] },
    })
  );
  const { flow, proof, problems } = await provenLogin(capture(...traces, ...reading));
  assert.deepEqual(problems, []);
  const open = proof.assumptions.filter(({ isSettled }) => !isSettled)
    .map(({ where, as }) => `${where} ${as}`);
  return { lines: linesOf(flow, "s1 body", "s2 body", "s1 header", "s2 header"), open };
}

const CONSTANTS: readonly (readonly [about: string, Form, line: string, open: string[]])[] = [
  [
    "is called as its field",
    { username: "noor", password: "password" },
    "s1 body password = $password",
    [],
  ],
  [
    "is the word of the grant",
    { grant_type: "password", username: "noor", password: "password" },
    's1 body grant_type = "password"',
    [],
  ],
  [
    "is a mode of OAuth",
    { response_mode: "form_post", username: "noor", password: "form_post" },
    's1 body response_mode = "form_post"',
    [],
  ],
  [
    "is one of the scopes",
    { scope: "openid offline_access", username: "noor", password: "offline_access" },
    's1 body scope = "openid offline_access"',
    ['body field "scope" constant'],
  ],
  [
    "is a word in a field without a name that tells",
    { zone: "harbour", username: "noor", password: "harbour" },
    's1 body zone = "harbour"',
    ['body field "zone" constant'],
  ],
  [
    "is a switch",
    { user: "noor", pass: "true", remember: "true" },
    's1 body remember = "true"',
    [],
  ],
  [
    "is what a button is called, and so is the user",
    { username: "sign", password: "Quay keeper 7", sign: "sign" },
    's1 body sign = "sign"',
    ['body field "sign" constant'],
  ],
  [
    "stands beside a client called as the user",
    { client_id: "weir.web", username: "weir.web", password: "Quay keeper 7" },
    's1 body client_id = "weir.web"',
    [],
  ],
];

for (const [about, form, line, expected] of CONSTANTS) {
  Deno.test(`a constant stays one beside a password that ${about}`, async () => {
    const { lines, open } = await proven(post(form));
    assert.ok(lines.includes(line), lines.join("\n"));
    assert.equal(lines.filter((one) => one.endsWith("$password")).length, 1, lines.join("\n"));
    assert.deepEqual(open, expected);
  });
}

Deno.test("what a page wrote before anybody typed decides, and nothing is taken on trust", async () => {
  const page = trace(`GET ${SITE}/enter`, {
    html: `<form method=post><input type=hidden name=zone value=harbour><input name=username>` +
      `<input type=password name=password></form>`,
    setCookies: ["pre=5x6c7b8a9d0e1f2a; Path=/"],
  });
  const { lines, open } = await proven(
    page,
    post({ zone: "harbour", username: "noor", password: "harbour" }, {
      cookie: "pre=5x6c7b8a9d0e1f2a",
    }),
  );
  assert.ok(lines.includes('s2 body zone = "harbour"'), lines.join("\n"));
  assert.deepEqual(open, []);
});

Deno.test("the client's own name at a token endpoint is a constant, whoever is called so", async () => {
  const basic = `Basic ${btoa("weir:")}`;
  const { lines } = await proven(
    post({ grant_type: "password", username: "weir", password: "Quay keeper 7" }, {
      headers: [["Authorization", basic]],
    }),
  );
  assert.ok(lines.includes(`s1 header Authorization = "${basic}"`), lines.join("\n"));
});

Deno.test("a password that no constant is called by is asked for again where it is sent again", async () => {
  const { lines } = await proven(
    post({ username: "noor", password: "Quay keeper 7", zone: "Quay keeper 7" }),
  );
  assert.ok(lines.includes("s1 body zone = $password"), lines.join("\n"));
});
