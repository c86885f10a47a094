import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import {
  checkCredentialTarget,
  checkRedirectTarget,
  isPrivateHost,
} from "../../lib/tools/target.ts";

const refusal = { code: "ORIGIN_REFUSED", name: "AppError" };

Deno.test("checkCredentialTarget() compares origins as origins", () => {
  const check = (url: string, allowHttp = false) =>
    checkCredentialTarget(new URL(url), {
      origins: ["https://api.example.com", "http://intranet.example", "http://127.0.0.1:8080"],
      allowHttp,
    });
  for (
    const url of [
      "https://api.example.com/x",
      "https://API.example.com:443/",
      "http://127.0.0.1:8080/",
    ]
  ) {
    check(url);
  }
  for (
    const url of [
      "https://api.example.com.evil.net/",
      "https://api.example.com:8443/",
      "http://api.example.com/",
      "https://example.com/",
      "https://evil.net/https://api.example.com/",
      "http://127.0.0.1:8081/",
    ]
  ) assert.throws(() => check(url), refusal, url);
  assert.throws(() => check("http://intranet.example/"), refusal);
  check("http://intranet.example/", true);
});

Deno.test("checkCredentialTarget() refuses everything when there are no origins", () => {
  assert.throws(
    () => checkCredentialTarget(new URL("https://a.example/"), { origins: [], allowHttp: true }),
    (error) => error instanceof AppError && error.hint?.includes("log in again") === true,
  );
});

Deno.test("checkRedirectTarget() keeps servers out there away from this machine and its network", () => {
  const check = (from: string, to: string) => checkRedirectTarget(new URL(from), new URL(to));
  const allowed: [string, string][] = [
    ["https://a.example/", "https://b.example/"],
    ["http://127.0.0.1:1/", "http://localhost:2/"],
    ["https://10.0.0.1/", "https://10.0.0.2/"],
  ];
  const refused: [string, string][] = [
    ["https://a.example/", "http://127.0.0.1:631/"],
    ["https://a.example/", "https://2130706433/"],
    ["https://a.example/", "https://169.254.169.254/"],
    ["https://a.example/", "https://[::1]/"],
    ["https://a.example/", "https://[::ffff:10.0.0.1]/"],
    ["https://a.example/", "http://a.example/"],
    ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data"],
    ["http://10.0.0.1/", "http://0xa9.0xfe.1.2/"],
    ["http://192.168.1.1/", "http://[fe80::1]/"],
    ["http://192.168.1.1/", "http://[::ffff:169.254.169.254]/"],
    ["http://192.168.1.1/", "http://[2002:a9fe:a9fe::1]/"],
    ["http://10.0.0.1/", "http://0xA9FEA9FE/"],
    ["http://10.0.0.1/", "http://metadata.google.internal./computeMetadata/v1/"],
    ["http://10.0.0.1/", "http://100.100.100.200/latest"],
    ["http://[fd00::1]/", "http://[fd00:ec2::254]/"],
  ];
  for (const [from, to] of allowed) check(from, to);
  for (const [from, to] of refused) assert.throws(() => check(from, to), refusal, `${from} ${to}`);
});

Deno.test("isPrivateHost() knows the networks that are nobody's but ours", () => {
  const isPrivate = (host: string) => isPrivateHost(new URL(`http://${host}/`).hostname);
  for (
    const host of [
      "localhost",
      "127.9.9.9",
      "0x7f.1",
      "10.1.2.3",
      "172.16.0.1",
      "172.31.255.1",
      "192.168.1.1",
      "100.64.0.1",
      "169.254.1.1",
      "0.0.0.0",
      "[fd00::1]",
      "[fe80::1]",
      "[::]",
      "localhost.",
      "a.localhost.",
      "[::7f00:1]",
      "[::ffff:127.0.0.1]",
      "[64:ff9b::127.0.0.1]",
    ]
  ) assert.equal(isPrivate(host), true, host);
  for (const host of ["172.32.0.1", "100.128.0.1", "8.8.8.8", "[2001:db8::1]", "example.com"]) {
    assert.equal(isPrivate(host), false, host);
  }
});
