import assert from "node:assert/strict";
import { pageAddress } from "../../lib/ops/browser_sitting.ts";

Deno.test("pageAddress() opens this machine over http and others over https, unless it is told", () => {
  const table = {
    "127.0.0.1:8080": "http://127.0.0.1:8080/",
    "localhost:3000/login": "http://localhost:3000/login",
    "localhost": "http://localhost/",
    "app.localhost:81?a=b": "http://app.localhost:81/?a=b",
    "[::1]:8080": "http://[::1]:8080/",
    "https://127.0.0.1:8443": "https://127.0.0.1:8443/",
    "shop.example.com": "https://shop.example.com/",
    "shop.example.com:8443/in": "https://shop.example.com:8443/in",
    "http://shop.example.com": "http://shop.example.com/",
    "192.168.0.7:8080": "https://192.168.0.7:8080/",
    "shop.example.com/in?next=https://id.example.com/":
      "https://shop.example.com/in?next=https://id.example.com/",
  };
  for (const [typed, opened] of Object.entries(table)) assert.equal(pageAddress(typed), opened);
  for (
    const typed of ["ftp://shop.example.com", "mailto:ada@shop.example", "data:text/html,x", ""]
  ) {
    assert.throws(() => pageAddress(typed), { code: "USAGE" });
  }
});
