/** Floods in one recorded request or answer: twice as many values take no more than twice the work. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { Evidence } from "../../lib/judge/evidence.ts";
import { typedCredentials } from "../../lib/judge/typed_credentials.ts";
import { countWork } from "../support/count_work.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://shop.example";
const TOKEN = "tK9d8f7a6s5d4f3g2h1jklqwe";

/** Opaque, another one for each number. */
function valueOf(number: number): string {
  return `v${number.toString(36)}x${(number * 2_654_435_761 >>> 0).toString(36)}q7Zk`;
}

function listed<Item>(count: number, item: (name: string, value: string) => Item): Item[] {
  return Array.from({ length: count }, (_, number) => item(`p${number}`, valueOf(number)));
}

/** What a request carries so many of. */
const SENT: Readonly<Record<string, (count: number) => TraceParts>> = {
  "parts of a multipart body": (count) => ({
    body: [
      "multipart/form-data; boundary=b",
      listed(
        count,
        (name, value) =>
          `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      ).join("") +
      "--b--\r\n",
    ],
  }),
  "fields of a form": (count) => ({
    body: [
      "application/x-www-form-urlencoded",
      listed(count, (name, value) => `${name}=${value}`).join("&"),
    ],
  }),
  "codes in a form": (count) => ({
    body: [
      "application/x-www-form-urlencoded",
      listed(count, (_, value) => `code=${value}`).join("&"),
    ],
  }),
  "members of JSON": (count) => ({
    json: Object.fromEntries(listed(count, (name, value) => [name, value])),
  }),
  "elements of XML": (count) => ({
    body: [
      "application/xml",
      `<r>${listed(count, (name, value) => `<${name}>${value}</${name}>`).join("")}</r>`,
    ],
  }),
  "cookies": (count) => ({
    cookie: listed(count, (name, value) => `${name}=${value}`).join("; "),
  }),
  "headers": (count) => ({ headers: listed(count, (name, value) => [`X-${name}`, value]) }),
};

function flooded(parts: TraceParts): Trace[] {
  const { headers = [], ...others } = parts;
  return capture(
    trace(`POST ${SITE}/api/login`, {
      json: { username: "mara", password: "sup3r-Geheim" },
      answer: { token: TOKEN },
    }),
    trace(`POST ${SITE}/api/send`, {
      ...others,
      headers: [["Authorization", `Bearer ${TOKEN}`], ...headers],
      answer: { ok: true },
    }),
  );
}

const TWICE = 2.3;

for (const [what, parts] of Object.entries(SENT)) {
  Deno.test(`analyzing and judging twice as many ${what} takes no more than twice the work`, () => {
    const judged = (count: number) => {
      const evidence = new Evidence(flooded(parts(count)));
      return countWork(() => typedCredentials(evidence));
    };
    const analyzed = (count: number) => {
      const traces = flooded(parts(count));
      return countWork(() => assert.notEqual(analyzeLogin(traces).kind, "none"));
    };
    for (const work of [judged, analyzed]) {
      work(10);
      assert.ok(work(1_600) < work(800) * TWICE, `${work.name}: ${work(800)}, ${work(1_600)}`);
    }
  });
}

Deno.test("analyzeLogin() takes twice the work for a login that sets twice as many cookies", () => {
  const analyzed = (count: number) => {
    const cookies = listed(count, (name, value) => `${name}=${value}`);
    const traces = capture(
      trace(`POST ${SITE}/api/login`, {
        json: { username: "mara", password: "sup3r-Geheim" },
        setCookies: cookies.map((cookie) => `${cookie}; Path=/`),
        answer: { ok: true },
      }),
      trace(`GET ${SITE}/api/me`, { cookie: cookies.join("; "), answer: { name: "mara" } }),
    );
    return countWork(() => assert.equal(analyzeLogin(traces).kind, "flow"));
  };
  analyzed(10);
  assert.ok(analyzed(1_600) < analyzed(800) * TWICE, `${analyzed(800)}, ${analyzed(1_600)}`);
});

Deno.test("analyzeLogin() takes twice the work for twice as many requests with an id of their own", () => {
  const analyzed = (count: number) => {
    const traces = capture(
      trace(`POST ${SITE}/api/login`, {
        json: { username: "mara", password: "sup3r-Geheim" },
        answer: { ok: true },
      }),
      ...Array.from({ length: count }, (_, number) =>
        trace(`GET ${SITE}/api/items/${number}`, {
          headers: [[
            "X-Request-Id",
            `5ab6a2dc-bb58-4f78-8ad7-${String(number).padStart(12, "0")}`,
          ]],
          answer: { list: [number] },
        })),
    );
    return countWork(() => assert.equal(analyzeLogin(traces).kind, "refused"));
  };
  analyzed(10);
  assert.ok(analyzed(800) < analyzed(400) * TWICE, `${analyzed(400)}, ${analyzed(800)}`);
});

for (
  const [what, answer, carried] of [
    ["a token in a header", { answer: { token: TOKEN } }, {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
    }],
    ["a cookie", { setCookies: [`sid=${TOKEN}; Path=/`] }, { cookie: `sid=${TOKEN}` }],
  ] as const satisfies readonly (readonly [string, TraceParts, TraceParts])[]
) {
  Deno.test(`analyzeLogin() takes twice the work for twice as many requests with ${what}`, () => {
    const analyzed = (count: number) => {
      const traces = capture(
        trace(`POST ${SITE}/api/login`, {
          json: { username: "mara", password: "sup3r-Geheim" },
          ...answer,
        }),
        ...Array.from(
          { length: count },
          (_, number) =>
            number % 2 === 0
              ? trace(`GET ${SITE}/api/items/${number}`, { ...carried, answer: { list: [number] } })
              : trace(`POST ${SITE}/api/items`, { ...carried, json: { number }, answer: {} }),
        ),
      );
      return countWork(() => assert.equal(analyzeLogin(traces).kind, "flow"));
    };
    analyzed(10);
    assert.ok(analyzed(800) < analyzed(400) * TWICE, `${analyzed(400)}, ${analyzed(800)}`);
  });
}
