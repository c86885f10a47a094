import assert from "node:assert/strict";
import { withBrowserBasic } from "../../lib/correlate/browser_basic.ts";
import { headerValue } from "../../lib/http/headers.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const BASIC = ["Authorization", `Basic ${btoa("ann:hunter2!")}`] as const;

const get = (path: string, parts: TraceParts = {}) =>
  trace(`GET https://a.example${path}`, { answer: {}, ...parts });
const sent = (path: string, parts: TraceParts = {}) => get(path, { ...parts, headers: [BASIC] });
const asset = { noise: "static-asset" } as const;

const CASES: readonly (readonly [
  about: string,
  traces: readonly Trace[],
  carriers: readonly string[],
])[] = [
  [
    "the page above the first request that carries it",
    [get("/about"), get("/app/"), sent("/app/style.css", asset), sent("/app/data")],
    ["/app/", "/app/style.css", "/app/data"],
  ],
  [
    "the first request of a folder beside",
    [get("/ui/"), sent("/ui/a.css", asset), get("/rpc/x"), sent("/rpc/x"), get("/rpc/open")],
    ["/ui/", "/ui/a.css", "/rpc/x", "/rpc/x"],
  ],
  [
    "nothing where the challenge was recorded",
    [
      get("/open"),
      get("/", { status: 401, answerHeaders: [["WWW-Authenticate", 'Basic realm="r"']] }),
      sent("/"),
      sent("/a.css", asset),
    ],
    ["/", "/a.css"],
  ],
  [
    "nothing where a page's script may have added it",
    [get("/"), sent("/api/me"), sent("/api/items")],
    ["/api/me", "/api/items"],
  ],
];

for (const [about, traces, carriers] of CASES) {
  Deno.test(`withBrowserBasic() puts the header back on ${about}`, () => {
    const restored = withBrowserBasic(capture(...traces));
    const found = restored.filter(({ request }) =>
      headerValue(request.headers, "authorization") === BASIC[1]
    );
    assert.deepEqual(found.map(({ request }) => new URL(request.url).pathname), carriers);
  });
}
