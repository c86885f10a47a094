/** Whole scripts of a model, whose values have alphabets, schemes and structures of their own: a right one passes. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { analyzeWithModel } from "../../lib/ops/analyze_with_model.ts";
import { fakeContext } from "../support/fake_context.ts";
import { capture, trace } from "../support/traces.ts";
import { withFakeModel } from "./fake_model.ts";
import { APP, withRecording } from "./recording_home.ts";

const SITE = "https://app.vexshop.example";
const USER = "maria.holt@mail.example";
const PASSWORD = "Kest-rel9Vale";
const SALT = "b7e1c02f94aa63d8";
const TOKEN = "fxt_8Jq2Lm5Vx0RtY7wZ3bNc";

/** How a page writes the digest; the same text as the recorded client's code and the model's. */
interface Odd {
  readonly about: string;
  /** JavaScript of `written(digest: Uint8Array, user: string)`, which answers a text. */
  readonly code: string;
  /** In a header under this name; else a field. */
  readonly header?: string;
}

const ASCII85 = `let out = "";
  for (let i = 0; i < digest.length; i += 4) {
    let word = 0;
    for (let k = 0; k < 4; k++) word = word * 256 + digest[i + k];
    let group = "";
    for (let k = 0; k < 5; k++) { group = String.fromCharCode(33 + word % 85) + group; word = Math.floor(word / 85); }
    out += group;
  }`;

const ODD: readonly Odd[] = [
  { about: "Ascii85", code: `${ASCII85} return "<~" + out + "~>";` },
  {
    about: "a base of the page's own",
    code:
      'return [...digest].map((byte) => "kq3wz7xn5hr9mtb2"[byte >> 4] + "KQ!WZ?XN;HR:MTB."[byte & 15]).join("");',
  },
  {
    about: "segments as of a JWS",
    code:
      "const part = (text) => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');" +
      'return part(JSON.stringify({ typ: "own", v: 1 })) + "." + part(JSON.stringify({ sub: user, n: digest[0] })) + "." + ' +
      "part(String.fromCharCode(...digest));",
  },
  {
    about: "JSON text",
    code:
      'return JSON.stringify({ v: 2, who: user, sum: Array.from(digest.slice(0, 6)), end: "é·" });',
  },
  {
    about: "a scheme and parts between colons",
    header: "X-Proof",
    code: 'const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");' +
      'return "VEX1 " + user + ":" + hex.slice(0, 40) + ":" + hex.slice(40).toUpperCase();',
  },
  { about: "a short number", code: "return String(1000 + (digest[0] * 256 + digest[1]) % 9000);" },
  {
    about: "letters of another script",
    code:
      'return [...digest].slice(0, 20).map((byte) => String.fromCharCode(0x3b1 + byte % 24)).join("");',
  },
];

function sentBy({ code }: Odd, password: string, salt: string, user: string): string {
  const digest = createHash("sha256").update([...password].reverse().join("") + ":" + salt)
    .digest();
  return new Function("digest", "user", code)(new Uint8Array(digest), user);
}

function recordingOf(odd: Odd) {
  const proof = sentBy(odd, PASSWORD, SALT, USER);
  return capture(
    trace(`GET ${SITE}/app.js`, {
      noise: "static-asset",
      answerHeaders: [["Content-Type", "application/javascript"]],
      text: `function written(digest, user) { ${odd.code} } send("${
        odd.header ?? "proof"
      }", written(d, u));`,
    }),
    trace(`POST ${SITE}/api/salt`, { json: { email: USER }, answer: { salt: SALT } }),
    trace(`POST ${SITE}/api/login`, {
      ...odd.header === undefined ? {} : { headers: [[odd.header, proof]] },
      json: { email: USER, ...odd.header === undefined ? { proof } : {} },
      answer: { token: TOKEN },
    }),
    ...["me", "orders"].map((path) =>
      trace(`GET ${SITE}/api/${path}`, {
        headers: [["Authorization", `Bearer ${TOKEN}`]],
        answer: { email: USER },
      })
    ),
  );
}

const scriptOf = ({ code, header }: Odd) =>
  `export async function acquire_token() {
  const user = await prompt_text("Email");
  const password = await prompt_secret("Password");
  const post = async (path: string, body: unknown, own = {}) => {
    const answer = await fetch("${SITE}" + path, {
      method: "POST", headers: { "Content-Type": "application/json", ...own }, body: JSON.stringify(body),
    });
    return await answer.json();
  };
  const { salt } = await post("/api/salt", { email: user });
  const text = [...password].reverse().join("") + ":" + salt;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const written = (digest, user) => { ${code} };
  const proof = written(digest, user);
  const { token } = await post("/api/login", { email: user${
    header === undefined ? ", proof" : ""
  } }, ${header === undefined ? "{}" : `{ "${header}": proof }`});
  return { headers: { Authorization: "Bearer " + token } };
}`;

type Calls = readonly (readonly [tool: string, args: unknown])[];

async function judged(odd: Odd, calls: Calls) {
  const hints = [["Email", USER], ["Password", PASSWORD]] as const;
  return await withRecording(
    recordingOf(odd),
    SITE,
    (folder) =>
      withFakeModel([{ calls }, { refusal: "no" }], async (model) => {
        const env = {
          get: (name: string) => name === "OPENAI_BASE_URL" ? model.baseURL : undefined,
        };
        const ctx = { ...fakeContext({ home: folder }), env };
        const first = await analyzeAuth(ctx, { app: APP, hints });
        const mode = "always" as const;
        const output = await analyzeWithModel(ctx, { app: APP, hints, mode }, first);
        const secret = sentBy(odd, PASSWORD, SALT, USER);
        if (secret.length > 6) assert.ok(!model.sent().includes(secret), "the value was sent");
        const told = model.requests.at(-1)!.body.messages.slice(2).map(({ content }) => content);
        return { first, output, asked: model.requests.length, told: told.join("\n") };
      }),
  );
}

const explained = (odd: Odd): Calls => [
  ["write_function", {
    name: "proof_text",
    code: `function proof_text(digest: Uint8Array, user: string): string { ${odd.code} }`,
  }],
  ["explain", {
    value: `t_0003.request.${odd.header === undefined ? "body.proof" : `headers.${odd.header}`}`,
    expression:
      'call proof_text(sha256(reverse(typed("Password")) + ":" + t_0002.response.body.salt), ' +
      "t_0003.request.body.email)",
  }],
];

for (const odd of ODD) {
  Deno.test(`a whole script passes with a right value in ${odd.about}`, async () => {
    const { first, output, asked } = await judged(odd, [["prove_script", {
      script: scriptOf(odd),
    }]]);
    assert.equal(asked, 1, `${first.result}: ${output.reasons.join("\n")}`);
    assert.equal(output.result, "script", output.reasons.join("\n"));
  });
}

for (const odd of ODD.slice(3)) {
  Deno.test(`a function of the model's passes with a right value in ${odd.about}`, async () => {
    const { output, asked, told } = await judged(odd, explained(odd));
    assert.equal(asked, 1, told);
    assert.equal(output.result, "script", output.reasons.join("\n"));
    assert.deepEqual(output.inputs.map(({ label }) => label), ["Email", "Password"]);
  });
}

Deno.test("a whole script that computes something else, or nothing of the password, does not pass", async () => {
  const odd = ODD[1]!;
  const wrong = [
    scriptOf(odd).replace('.join("") + ":"', '.join("") + ";"'),
    scriptOf(odd).replace("[...password]", '[..."fixed"]'),
  ];
  const calls = wrong.map((script) => ["prove_script", { script }] as const);
  const { output, told } = await judged(odd, calls);
  assert.equal(output.result, "draft");
  assert.equal(
    told.match(/is not what the recorded client sent for the same input/g)?.length,
    2,
    told,
  );
});
