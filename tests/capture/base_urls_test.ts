import assert from "node:assert/strict";
import { baseUrls } from "../../lib/capture/base_urls.ts";
import { noiseReason } from "../../lib/capture/noise.ts";
import { harHeaders, readOne } from "./har_builder.ts";

function trace(url: string, type: string, status = 200) {
  const exchange = readOne({
    request: { url },
    response: { status, headers: harHeaders(`Content-Type: ${type}`) },
  });
  return { ...exchange, marks: [], noise: noiseReason(exchange) };
}

Deno.test("baseUrls() puts the origin that serves most data first and leaves noise and errors out", () => {
  const urls = baseUrls([
    trace("https://garden.example/", "text/html"),
    trace("https://garden.example/plants", "text/html"),
    trace("https://api.garden.example/plants", "application/json"),
    trace("https://id.example:8443/token", "application/problem+json"),
    trace("https://id.example:8443/login", "text/html"),
    trace("https://cdn.example/app.js", "text/javascript"),
    trace("https://broken.example/api", "application/json", 500),
    trace("https://www.google-analytics.com/g/collect", "application/json"),
  ]);
  assert.deepEqual(urls, [
    "https://id.example:8443",
    "https://api.garden.example",
    "https://garden.example",
  ]);
});
