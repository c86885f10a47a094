/** Who logs in, and where: names in other steps and inside texts, words that are the site's, and choices. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { has, linesOf } from "../support/flow_lines.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://slip.example";
const TOKEN = "Zk3v8QxT1bRm6WzC0nHd";
const BEARER: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };

const reading = (parts: TraceParts): Trace[] =>
  ["/api/boats", "/api/piers"].map((path) =>
    trace(`GET ${SITE}${path}`, { answer: { list: [1] }, ...parts })
  );

Deno.test("the name beside a secret in JSON inside a field is asked for, however it is spaced", () => {
  const lines = linesOf(
    trace(`POST ${SITE}/open`, {
      form: { envelope: '{ "mate": "oda", "passphrase": "reef; knot", "rev": 3 }' },
      setCookies: ["berth=q0w9e8r7t6y5u4i3; Path=/"],
      answer: { ok: true },
    }),
    ...reading({ cookie: "berth=q0w9e8r7t6y5u4i3" }),
  );
  has(
    lines,
    's1 body envelope = "{ \\"mate\\": \\"" + json-escape($username) + "\\", \\"passphrase\\": \\"" + ' +
      'json-escape($password) + "\\", \\"rev\\": 3 }"',
  );
});

Deno.test("a name that a step before the password sends is asked for, and a nonce is exchanged for the token", () => {
  const step = (path: string, before: string, after: string, json: Record<string, string>) =>
    trace(`POST ${SITE}${path}`, {
      json,
      headers: [["X-Call-Nonce", before]],
      answerHeaders: [["X-New-Nonce", after]],
      answer: { next: true },
    });
  const lines = linesOf(
    trace(`GET ${SITE}/hello`, {
      answerHeaders: [["X-New-Nonce", "r8Kp2mWq9xLd4vTz"]],
      answer: { v: 1 },
    }),
    step("/person", "r8Kp2mWq9xLd4vTz", "Jn5cB7hYs3Fg1tQe", { user: "oda" }),
    step("/word", "Jn5cB7hYs3Fg1tQe", "Vx6uM0aRk8Zp2wSi", { pass: "reef" }),
    trace(`POST ${SITE}/enter`, {
      json: {},
      headers: [["X-Call-Nonce", "Vx6uM0aRk8Zp2wSi"]],
      answer: { bearer: TOKEN },
    }),
    ...reading(BEARER),
  );
  has(lines, "s2 body user = $username", "s3 body pass = $password");
  assert.ok(
    lines.some((line) => /^result header Authorization = "Bearer " \+/.test(line)),
    lines.join("\n"),
  );
});

Deno.test("what the user did in the app is no exchange, nonce or not", () => {
  const lines = linesOf(
    trace(`POST ${SITE}/login`, {
      json: { user: "oda", password: "reef" },
      answerHeaders: [["X-New-Nonce", "r8Kp2mWq9xLd4vTz"]],
      setCookies: ["berth=q0w9e8r7t6y5u4i3; Path=/"],
      answer: {},
    }),
    trace(`POST ${SITE}/charter`, {
      json: { boat: 7 },
      cookie: "berth=q0w9e8r7t6y5u4i3",
      headers: [["X-Call-Nonce", "r8Kp2mWq9xLd4vTz"]],
      answer: { receipt: TOKEN },
    }),
    ...reading({ cookie: "berth=q0w9e8r7t6y5u4i3", headers: [["X-Receipt", TOKEN]] }),
  );
  assert.ok(lines.every((line) => !line.includes("/charter")), lines.join("\n"));
});

Deno.test("a word that the site said before anybody typed is the site's where no name says whose it is", () => {
  const login = trace(`POST ${SITE}/tokens`, {
    json: { who: { name: "harbour", password: "reef", zone: { key: "harbour" } } },
    answer: { token: TOKEN },
  });
  const told = (answer: Record<string, string>) =>
    linesOf(trace(`GET ${SITE}/about`, { answer }), login, ...reading(BEARER));
  const typed = "s1 body who.zone.key = $username";
  assert.ok(!told({ zone: "harbour" }).includes(typed));
  has(told({ zone: "harbour" }), "s1 body who.name = $username");
  has(told({ lastUser: "harbour" }), typed);
  has(told({ zone: "river" }), typed);
});

Deno.test("a word beside the password that is another one in another recording is asked for", () => {
  const login = (json: Record<string, string>) =>
    capture(trace(`POST ${SITE}/login`, { json, answer: { token: TOKEN } }), ...reading(BEARER));
  const first = { yard: "west", user: "oda", password: "reef", locale: "de", keep: "on" };
  const analysis = analyzeLogin(login(first), {
    others: [login({ ...first, yard: "east", locale: "en", keep: "off" })],
  });
  const lines = flowLines(flowOf(analysis));
  has(lines, "s1 body yard = $yard");
  assert.ok(lines.every((line) => !/\$(locale|keep)/.test(line)), lines.join("\n"));
  const same = analyzeLogin(login(first), { others: [login({ ...first, user: "ben" })] });
  assert.ok(flowLines(flowOf(same)).every((line) => !line.includes("$yard")));
});

Deno.test("a script never sends as a constant what looks like somebody's password", () => {
  const analysis = analyzeLogin(capture(
    trace(`POST ${SITE}/open`, {
      body: [
        "application/xml",
        '<a:o xmlns:a="urn:a"><a:n>oda</a:n><a:w>r&lt;eef&amp;9</a:w></a:o>',
      ],
      answer: { ticket: TOKEN },
    }),
    ...reading({ headers: [["Ticket", TOKEN]] }),
  ));
  assert.notEqual(analysis.kind, "flow");
});

Deno.test("a request that was recorded twice of one moment waited for nobody", () => {
  const login = (parts: TraceParts) =>
    trace(`POST ${SITE}/login`, { json: { user: "oda", password: "reef" }, ...parts });
  const [once, again, ...rest] = capture(
    login({}),
    login({ answer: { token: TOKEN } }),
    ...reading(BEARER),
  );
  const twice = { ...once!, startedAtMs: again!.startedAtMs };
  assert.equal(analyzeLogin([twice, again!, ...rest]).kind, "flow");
  const waited = analyzeLogin([once!, again!, ...rest]);
  assert.notEqual(waited.kind, "flow");
});

Deno.test("a name that was typed before the user's goes by its field", () => {
  const told = (kind: "identifier" | "password", name: string, value: string, index: number) => ({
    kind,
    name,
    value,
    place: { kind: "form", name, index } as const,
  });
  const analysis = analyzeLogin(
    capture(
      trace(`POST ${SITE}/open`, {
        form: { "in[harbour]": "east.example", "in[user]": "oda", "in[pass]": "reef; knot" },
        answer: { token: TOKEN },
      }),
      ...reading(BEARER),
    ),
    {
      hints: [
        told("identifier", "in[harbour]", "east.example", 0),
        told("identifier", "in[user]", "oda", 1),
        told("password", "in[pass]", "reef; knot", 2),
      ],
    },
  );
  assert.deepEqual(flowOf(analysis).inputs.map(({ label, recorded }) => [label, recorded]), [
    ["Username", "oda"],
    ["In harbour", "east.example"],
    ["Password", "reef; knot"],
  ]);
});

Deno.test("whoever asks for a challenge says whose under the name that the step with the password uses, however short", () => {
  for (const [name, value] of [["berth", "o7"], ["slot", "41"]] as const) {
    const challenge = "Qx9Wv4Zr8Dk7Lm2Tn5Bc";
    const lines = linesOf(
      trace(`POST ${SITE}/api/begin`, { json: { [name]: value }, answer: { challenge } }),
      trace(`POST ${SITE}/api/finish`, {
        json: { [name]: value, password: "Moss&Fern7", challenge },
        answer: { token: TOKEN },
      }),
      ...reading(BEARER),
    );
    has(lines, `s1 body ${name} = $username`, `s2 body ${name} = $username`);
  }
});
