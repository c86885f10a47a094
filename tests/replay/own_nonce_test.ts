import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { proveScript } from "../../lib/replay/prove.ts";
import { DEFAULT_GUEST_LIMITS } from "../../lib/sandbox/limits.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { fakeContext } from "../support/fake_context.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, RECORDED_AT_MS, trace } from "../support/traces.ts";

const SITE = "https://post.example";
const TOKEN = "q81Zp4Tz0Lk9f8e7d6c5";
const NONCE = new Uint8Array([241, 3, 92, 17, 200, 55, 64, 129, 9, 33, 250, 78, 101, 6, 180, 43]);
const PASSWORD = "Kestrel-44";
const CREATED = new Date(RECORDED_AT_MS).toISOString();

/** WS-Security UsernameToken: `base64(sha1(nonce + created + password))`. */
const DIGEST = createHash("sha1").update(NONCE).update(CREATED + PASSWORD).digest("base64");

const traces = capture(
  trace(`POST ${SITE}/api/login`, {
    json: {
      Username: "kim.stone",
      Nonce: NONCE.toBase64(),
      Created: CREATED,
      PasswordDigest: DIGEST,
    },
    answer: { token: TOKEN },
  }),
  trace(`GET ${SITE}/api/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
);

Deno.test("proveScript() accepts a digest over a nonce of the client's own, and no other digest", async () => {
  const typed = {
    kind: "password",
    name: "password",
    value: PASSWORD,
    place: { kind: "text" },
  } as const;
  const flow = flowOf(analyzeLogin(traces, { hints: [typed] }));
  const right = generateScript(flow, { app: "post", answers: answerFacts(traces, flow) });
  const prove = (source: string) =>
    proveScript(fakeContext({ nowMs: Date.now() }), {
      source,
      fileName: "auth_acquire.ts",
      flow,
      traces,
      hints: [typed],
      limits: DEFAULT_GUEST_LIMITS,
    });
  assert.deepEqual((await prove(right)).mismatches, []);
  const wrong = right.replace("created, password)", "password, created)");
  assert.notEqual(wrong, right);
  assert.equal((await prove(wrong)).passed, false);
});
