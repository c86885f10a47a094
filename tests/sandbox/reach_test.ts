import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { canonicalHost, connectsTo, reachOf } from "../../lib/sandbox/reach.ts";

Deno.test("canonicalHost() spells hosts as URLs do", () => {
  const table = [
    ["Login.Example.com:443", "login.example.com:443"],
    ["127.0.0.1:8080", "127.0.0.1:8080"],
    ["127.1:8080", "127.0.0.1:8080"],
    ["[::1]:8080", "[::1]:8080"],
    ["[0:0:0:0:0:0:0:1]:443", "[::1]:443"],
    ["localhost:3000", "localhost:3000"],
  ] as const;
  for (const [text, host] of table) assert.equal(canonicalHost(text), host);
});

Deno.test("canonicalHost() refuses whatever is not one host with a port", () => {
  const texts = [
    "example.com",
    "example.com:",
    "example.com:99999",
    "example.com:0",
    "*.example.com:443",
    "a.example:443,b.example:443",
    "https://example.com:443",
    "user@example.com:443",
    "example.com:443/path",
    "10.0.0.0/8:443",
    "exa mple.com:443",
    "example.com:443\n",
    ":443",
    "",
  ];
  for (const text of texts) {
    assert.throws(
      () => canonicalHost(text),
      (thrown) => thrown instanceof AppError && thrown.code === "BAD_INPUT",
      text,
    );
  }
});

Deno.test("connectsTo() names the replay server alone when there is one", () => {
  const hosts = ["a.example:443", "b.example:443"];
  assert.deepEqual(connectsTo(reachOf({ kind: "live", hosts })), hosts);
  assert.deepEqual(connectsTo(reachOf({ kind: "replay", hosts, port: 4000 })), ["127.0.0.1:4000"]);
});
