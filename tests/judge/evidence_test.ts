import assert from "node:assert/strict";
import { Evidence } from "../../lib/judge/evidence.ts";
import { capture, trace } from "../support/traces.ts";

const APP = "https://app.example";

Deno.test("Evidence knows what cookies, redirects, JSON and pages have issued, opened", () => {
  const inner = btoa('{"t":"q81Zp4Tz0Lk","n":"en"}');
  const evidence = new Evidence(capture(
    trace(`GET ${APP}/`, {
      setCookies: [`bag=${encodeURIComponent(inner)}`],
      location: "/cb?code=c0de.U7hQ2pLs9Xv4#access_token=at_Zx81kQp03mNv",
      answerHeaders: [["X-Session-Token", "Bearer tok.81.Lq0zN5"], ["ETag", '"a1b2c3d4e5f6a7b8"']],
      html:
        `<meta name="csrf-token" content="m9Q2w7E4r1T6"><input type="hidden" name="t" value="h5J8k2L9z3X6">
      <script>boot({"nonce":"n4B7v1C8x2Z5", "lang": "english"})</script><p>w0rd5 in text</p>`,
    }),
    trace(`POST ${APP}/enter`, { json: {}, answer: {} }),
  ));
  const values = [
    "at_Zx81kQp03mNv",
    "c0de.U7hQ2pLs9Xv4",
    "h5J8k2L9z3X6",
    "m9Q2w7E4r1T6",
    "n4B7v1C8x2Z5",
    "q81Zp4Tz0Lk",
    "tok.81.Lq0zN5",
    inner,
  ];
  for (const value of values) assert.ok(evidence.isIssued(value), value);
  for (const value of ["a1b2c3d4e5f6a7b8", "english", "w0rd5 in text"]) {
    assert.ok(!evidence.isIssued(value), value);
  }
});

Deno.test("Evidence finds the token behind a route in a fragment", () => {
  const evidence = new Evidence(capture(
    trace(`POST ${APP}/enter`, {
      answer: { next: `${APP}/#/welcome?ticket=Zq81mmT0pLx4&lang=en` },
    }),
  ));
  assert.equal(evidence.issued.get("Zq81mmT0pLx4")?.place, 'JSON "next" parameter "ticket"');
});

Deno.test("Evidence excuses what stands in client code and what was sent before it was issued", () => {
  const key = "pk9Zt81mQ0xLw3";
  const sentFirst = capture(
    trace(`GET ${APP}/start?app=${key}`, { answer: { app: key } }),
    trace(`POST ${APP}/enter`, { json: { app: key }, answer: {} }),
  );
  assert.equal(
    new Evidence(sentFirst).excuse(key),
    "was sent before anything was issued or typed that it could come from",
  );
  const inCode = capture(
    trace(`GET ${APP}/main.js`, { answerHeaders: [["Content-Type", "text/javascript"]], text: "" }),
    trace(`GET ${APP}/settings`, { answer: { app: key } }),
    trace(`POST ${APP}/enter`, { json: { app: key }, answer: {} }),
  );
  assert.equal(new Evidence(inCode).excuse(key), null);
  const code = trace(`GET ${APP}/main.js`, { text: `const k="${key}"` });
  const script = {
    ...code,
    response: { ...code.response!, headers: [["Content-Type", "text/javascript"]] as const },
  };
  const withCode = new Evidence(capture(script, ...inCode.slice(1)));
  assert.equal(withCode.excuse(key), "stands in the client's own code");
});

Deno.test("Evidence excuses nothing that is a credential by its place", () => {
  const old = "Zq81mmT0pLx4Rr7";
  const traces = capture(
    trace(`POST ${APP}/enter`, {
      headers: [["Authorization", `Bearer ${old}`]],
      answer: { token: old },
    }),
    trace(`GET ${APP}/data`, { headers: [["Authorization", `Bearer ${old}`]], answer: {} }),
  );
  assert.equal(new Evidence(traces).excuse(old), null);
});

Deno.test("Evidence takes the address of a page that was asked for before for no issued value, though a credential holds it", () => {
  const back = "https://desk.example:8443/berths.php";
  const state = `_40c823821eb489614990:https://enter.example/sso?for=urn:desk&RelayState=${back}`;
  const led = [
    trace("GET https://enter.example/sso", {
      location: `https://enter.example/form?AuthState=${encodeURIComponent(state)}`,
      answerHeaders: [["Host", "desk.example:8443"]],
    }),
    trace("POST https://enter.example/form", {
      form: { AuthState: state, user: "ann.b", password: "hunter2!" },
      answer: {},
    }),
  ];
  const asked = trace("GET https://desk.example:8443/berths.php", {
    location: "https://enter.example/sso",
  });
  const parts = ["desk.example:8443", "berths.php"];
  const issuedIn = (evidence: Evidence) => parts.filter((part) => evidence.isIssued(part));
  assert.deepEqual(issuedIn(new Evidence(capture(asked, ...led))), []);
  assert.deepEqual(issuedIn(new Evidence(capture(...led))), parts);
});
