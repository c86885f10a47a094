/** Logins behind a check that only a person's browser passes. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://boats.example";
const TOKEN = "acc-7f6e5d4c3b2a1908";

/** A challenge or none, then a login with these headers. */
function kindOf(challenge: TraceParts | null, parts: TraceParts): string {
  const analysis = analyzeLogin(capture(
    ...challenge === null ? [] : [trace(`GET ${SITE}/`, challenge)],
    trace(`POST ${SITE}/login`, {
      json: { username: "mia.holt", password: "Sloop-and-9" },
      answer: { token: TOKEN },
      ...parts,
    }),
    trace(`GET ${SITE}/api/boats`, {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
      answer: { boats: [] },
    }),
  ));
  return analysis.kind === "refused" ? analysis.reasons.join("\n") : analysis.kind;
}

const CHECKED: readonly (readonly [by: string, TraceParts | null, TraceParts])[] = [
  [
    "Cloudflare",
    { status: 403, html: "<title>Just a moment...</title>" },
    { cookie: "cf_clearance=a1b2c3d4e5f6a7b8" },
  ],
  ["Cloudflare", null, { cookie: "cf_clearance=a1b2c3d4e5f6a7b8" }],
  [
    "DataDome",
    { status: 403, html: '<script src="https://ct.captcha-delivery.com/c.js"></script>' },
    { cookie: "datadome=Zx81-a7b2c3" },
  ],
  [
    "AWS WAF",
    { status: 202, answerHeaders: [["x-amzn-waf-action", "challenge"]], html: "<html>" },
    { headers: [["x-aws-waf-token", "b2c3d4e5-f6a7:AAoA"]] },
  ],
  [
    "a bot check",
    { status: 503, html: "<h1>Checking your browser</h1>" },
    { cookie: "guard=77aabbccddee0011" },
  ],
];

for (const [by, challenge, parts] of CHECKED) {
  const seen = challenge === null ? "without its challenge" : "after its challenge";
  Deno.test(`the clearance of ${by} ${seen} is not a script's to earn`, () => {
    assert.match(
      kindOf(challenge, parts),
      new RegExp(`browsers that passed (the bot check of )?${by}`),
    );
  });
}

const FREE: readonly (readonly [about: string, TraceParts | null, TraceParts])[] = [
  ["a vendor's cookie that every visitor is given", null, { cookie: "__cf_bm=a1b2c3d4e5f6" }],
  ["a refused page that is not a challenge", { status: 403, html: "<h1>Forbidden</h1>" }, {
    cookie: "guard=77aabbccddee0011",
  }],
];

for (const [about, challenge, parts] of FREE) {
  Deno.test(`${about} keeps nobody from logging in`, () => {
    assert.equal(kindOf(challenge, parts), "flow");
  });
}
