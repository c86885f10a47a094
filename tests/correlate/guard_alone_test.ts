/** A token against forgery beside no session: an export that left the session out. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://barge.example";
const page = (action: string, token: string, rest: string) =>
  `<form action="${action}" method="post"><input type="hidden" name="authenticity_token" value="${token}">${rest}</form>`;

/** A login with a form, and one POST of the app: with `session` as its export keeps it. */
function recorded(session: TraceParts, setCookie: TraceParts) {
  return capture(
    trace(`GET ${SITE}/enter`, {
      html: page(
        "/enter",
        "4fKz81mQx7Lw2vTd",
        '<input name="user"><input type="password" name="pass">',
      ),
    }),
    trace(`POST ${SITE}/enter`, {
      form: { authenticity_token: "4fKz81mQx7Lw2vTd", user: "oda", pass: "reef" },
      status: 302,
      location: "/cargo",
      ...setCookie,
    }),
    trace(`GET ${SITE}/cargo`, {
      html: page("/cargo", "9mQw27TzLd81vXkf", '<input name="what">'),
      ...session,
    }),
    trace(`POST ${SITE}/cargo`, {
      form: { authenticity_token: "9mQw27TzLd81vXkf", what: "rope" },
      answer: { id: 7 },
      ...session,
    }),
  );
}

Deno.test("analyzeLogin() takes no token against forgery for a session that the export left out", () => {
  const analysis = analyzeLogin(recorded({}, {}));
  assert.equal(analysis.kind, "refused");
  assert.match(
    (analysis as { reasons: readonly string[] }).reasons.join("\n"),
    /\(t_0002\), but .* requests carry only "authenticity_token", which guards a session .* exported without cookies/s,
  );
});

Deno.test("analyzeLogin() takes a session beside a token against forgery", () => {
  const value = "q8Kp2mWq9xLd4vTzR7";
  const analysis = analyzeLogin(
    recorded({ cookie: `sid=${value}` }, { setCookies: [`sid=${value}; Path=/; HttpOnly`] }),
  );
  assert.equal(analysis.kind, "flow");
});
