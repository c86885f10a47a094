import assert from "node:assert/strict";
import { noiseReason } from "../../lib/capture/noise.ts";
import { harHeaders, readOne } from "./har_builder.ts";

interface Case {
  readonly url: string;
  readonly method?: string;
  readonly request?: readonly string[];
  readonly response?: readonly string[];
}

function reasonFor({ url, method, request, response }: Case) {
  return noiseReason(readOne({
    request: { url, method: method ?? "GET", headers: harHeaders(...request ?? []) },
    response: { headers: harHeaders(...response ?? []) },
  }));
}

Deno.test("noiseReason() finds trackers by host and by path, never by part of a name", () => {
  const trackers = [
    "https://www.google-analytics.com/g/collect?v=2",
    "https://o123.ingest.sentry.io/api/1/envelope/",
    "https://sentry.io/api/42/store/",
    "https://www.facebook.com/tr?id=1",
    "https://stats.g.doubleclick.net/j/collect",
    "https://garden.example/cdn-cgi/rum",
    "https://garden.example/b/ss/suite/1",
    "https://garden.example/matomo.php?idsite=1",
  ];
  for (const url of trackers) assert.equal(reasonFor({ url }), "tracker", url);
  const others = [
    "https://www.facebook.com/login.php",
    "https://www.facebook.com/try",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://www.google.com/recaptcha/api2/anchor",
    "https://challenges.cloudflare.com/turnstile/v0/api",
    "https://notmixpanel.com/",
    "https://mixpanel.com.garden.example/",
    "https://garden.example/segment.io/",
    "https://www.linkedin.com/oauth/v2/authorization",
  ];
  for (const url of others) assert.equal(reasonFor({ url }), null, url);
});

Deno.test("noiseReason() lets a tracker's own site take part when the user was on it", () => {
  const url = "https://eu.posthog.com/api/projects/1/insights";
  assert.equal(reasonFor({ url, request: ["Referer: https://garden.example/"] }), "tracker");
  assert.equal(reasonFor({ url, request: ["Referer: https://eu.posthog.com/home"] }), null);
  assert.equal(reasonFor({ url, request: ["Origin: https://app.posthog.com"] }), null);
  assert.equal(reasonFor({ url, request: ["Sec-Fetch-Dest: document"] }), null);
});

Deno.test("noiseReason() finds static assets by type, and by ending where the type says nothing", () => {
  const url = "https://garden.example/x";
  const cases: [Case, ReturnType<typeof noiseReason>][] = [
    [{ url, response: ["Content-Type: image/png"] }, "static-asset"],
    [{ url, response: ["content-type: TEXT/CSS; charset=utf-8"] }, "static-asset"],
    [{ url, response: ["Content-Type: application/x-javascript"] }, "static-asset"],
    [{ url, response: ["Content-Type: application/font-woff2"] }, "static-asset"],
    [{ url: `${url}.js?v=1` }, "static-asset"],
    [{ url: `${url}.woff2`, response: ["Content-Type: application/octet-stream"] }, "static-asset"],
    [{ url: `${url}.js`, response: ["Content-Type: application/json"] }, null],
    [{ url: `${url}.png`, response: ["Content-Type: text/html"] }, null],
    [{ url: `${url}.json` }, null],
    [{ url, response: ["Content-Type: application/json"] }, null],
    [{ url, method: "POST", response: ["Content-Type: image/png"] }, null],
    [{ url, response: ["Content-Type: image/gif", "Set-Cookie: sid=1"] }, null],
  ];
  for (const [given, expected] of cases) {
    assert.equal(reasonFor(given), expected, JSON.stringify(given));
  }
});

Deno.test("noiseReason() tells preflights from other OPTIONS requests", () => {
  const url = "https://api.garden.example/plants";
  const request = ["Origin: https://garden.example", "Access-Control-Request-Method: POST"];
  assert.equal(reasonFor({ url, method: "OPTIONS", request }), "preflight");
  assert.equal(reasonFor({ url, method: "OPTIONS" }), null);
  assert.equal(reasonFor({ url, method: "GET", request }), null);
});

Deno.test("noiseReason() judges a request without an answer by its ending", () => {
  const read = (url: string) => noiseReason(readOne({ request: { url }, response: null }));
  assert.equal(read("https://garden.example/a.css"), "static-asset");
  assert.equal(read("https://garden.example/login"), null);
});
