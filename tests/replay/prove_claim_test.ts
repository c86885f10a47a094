/** Properties of claims: whatever a client computes, nothing else than that passes for it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { applyTransform, type TransformOp } from "../../lib/codec/transforms.ts";
import type { Input } from "../../lib/correlate/flow.ts";
import { dependenceMismatches, writtenGaps } from "../../lib/replay/claim_checks.ts";
import { judgeTrial, type Person } from "../judge/trial.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://mill.example";
const TOKEN = "Zq81mmT0pLx4Rr7wB2";
const OPS: readonly TransformOp[] = [
  "md5-hex",
  "sha1-hex",
  "sha256-hex",
  "sha256-base64",
  "base64",
];

interface Computation {
  readonly op: TransformOp;
  readonly between: string;
  readonly isSaltFirst: boolean;
}

const computation = fc.record({
  op: fc.constantFrom(...OPS),
  between: fc.constantFrom("", ":", "|", "--"),
  isSaltFirst: fc.boolean(),
});
const typed = fc.stringMatching(/^[A-Za-z0-9!&"%é ]{8,20}$/).filter((text) => text.trim() === text);
const salt = fc.stringMatching(/^[a-f][0-9][a-f0-9]{12}[a-f][0-9]$/);

function computed({ op, between, isSaltFirst }: Computation, password: string, salt: string) {
  const parts = isSaltFirst ? [salt, between, password] : [password, between, salt];
  return applyTransform(op, [parts.join("")]);
}

/** What is wrong with a script that computes one thing where the recorded client computed another. */
function judged(
  recorded: { readonly password: string; readonly salt: string },
  client: Computation,
  script: Computation,
  isReproducible: boolean,
): string[] {
  const login = (proof: string, salt: string): TraceParts => ({ json: { proof, salt } });
  const value = computed(client, recorded.password, recorded.salt);
  const { objections } = judgeTrial({
    recorded: { user: "ada.quill", password: recorded.password },
    asks: ["password"],
    claimed: [{ value, isReproducible }],
    traces: capture(
      trace(`POST ${SITE}/salt`, { json: {}, answer: { salt: recorded.salt } }),
      trace(`POST ${SITE}/enter`, {
        ...login(value, recorded.salt),
        answer: { token: TOKEN },
      }),
      trace(`GET ${SITE}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
    ),
    play: ({ password, fresh }: Person) => {
      const now = fresh(recorded.salt);
      const { request } = trace(`POST ${SITE}/enter`, login(computed(script, password, now), now));
      return {
        sent: { t_0001: trace(`POST ${SITE}/salt`, { json: {} }).request, t_0002: request },
        result: {
          headers: { Authorization: `Bearer ${fresh(TOKEN)}` },
          parameters: [],
          computed: [],
        },
      };
    },
  });
  return objections.map(({ where, problem }) => `${where} ${problem}`);
}

Deno.test("a claim that computes what the recorded client computed passes, whatever was typed", () => {
  fc.assert(fc.property(typed, salt, computation, fc.boolean(), (password, salt, client, exact) => {
    assert.deepEqual(judged({ password, salt }, client, client, exact), []);
  }));
});

Deno.test("a claim that computes anything else is refused where the recording holds what was typed", () => {
  fc.assert(fc.property(typed, salt, computation, computation, (password, salt, client, script) => {
    fc.pre(computed(client, password, salt) !== computed(script, password, salt));
    assert.deepEqual(judged({ password, salt }, client, script, true), [
      'body field "proof" is not what the recorded client sent for the same input',
    ]);
  }));
});

const gap: Input = { name: "proof", label: "Proof", secret: true, kind: "other", recorded: "" };
const valueOf = (value: string) => new Map([[gap.name, value]]);

Deno.test("a claim has to be the same for the same user and another for another", () => {
  fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (first, again, another) => {
    const found = dependenceMismatches([gap], {
      first: valueOf(first),
      again: valueOf(again),
      another: valueOf(another),
    }).map(({ problem }) => /another each time|the same whatever/.exec(problem)?.[0]);
    assert.equal(found.includes("another each time"), first !== again);
    assert.equal(found.includes("the same whatever"), first === another);
  }));
});

Deno.test("a claimed value is found in a script in whatever way it is written, and no other", () => {
  const written = [
    JSON.stringify,
    (text: string) => JSON.stringify(encodeURIComponent(text)),
    (text: string) => `\`key=${encodeURIComponent(encodeURIComponent(text))}\``,
  ];
  const value = fc.stringMatching(/^[A-Za-z]{3}[A-Za-z0-9+/=:"]{8,30}[A-Za-z0-9]$/);
  fc.assert(fc.property(value, fc.constantFrom(...written), (recorded, write) => {
    const find = (source: string) => writtenGaps(source, [{ ...gap, recorded }]).length;
    assert.equal(find(`const proof = ${write(recorded)};\n`), 1);
    assert.equal(find("const proof = await hash(password);\n"), 0);
  }));
});
