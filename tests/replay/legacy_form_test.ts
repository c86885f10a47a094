/** A login whose form is sent in the encoding of its page: the next user may be called otherwise than ASCII can say. */
import assert from "node:assert/strict";
import { analyzeRecording } from "../../lib/correlate/failed_attempts.ts";
import { proveScript } from "../../lib/replay/prove.ts";
import { DEFAULT_GUEST_LIMITS } from "../../lib/sandbox/limits.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import { fakeContext } from "../support/fake_context.ts";
import { capture, trace } from "../support/traces.ts";

const SITE = "https://mill.example";
const FORM = "application/x-www-form-urlencoded";
const SESSION = "k2Jd83hWq91LmZx0";

function recorded(charset: string, body: string, who = "who", pw = "pw") {
  const html =
    `<meta charset="${charset}"><form method="post"><input name="${who}"><input type="password" name="${pw}">`;
  return analyzeRecording(capture(
    trace(`GET ${SITE}/enter`, { html: html.padEnd(40) }),
    trace(`POST ${SITE}/enter`, {
      body: [FORM, body],
      location: `${SITE}/`,
      setCookies: [`mill=${SESSION}; Path=/`],
    }),
    trace(`GET ${SITE}/flour`, { cookie: `mill=${SESSION}`, answer: { sacks: [1, 2] } }),
  ));
}

function prove({ analysis, traces }: ReturnType<typeof recorded>, edit = (code: string) => code) {
  assert.equal(analysis.kind, "flow");
  if (analysis.kind !== "flow") throw new Error("no flow");
  const { flow } = analysis;
  const source = edit(generateScript(flow, { app: "mill", answers: answerFacts(traces, flow) }));
  const request = {
    source,
    fileName: "auth_acquire.ts",
    flow,
    traces,
    limits: DEFAULT_GUEST_LIMITS,
  };
  return proveScript(fakeContext({ nowMs: Date.now() }), request);
}

Deno.test("a proven script sends a form in the encoding of its page, and one that does not is refused", async () => {
  const given = recorded("windows-1251", "who=%CE%EB%FC%E3%E0&pw=%F0%EE%E6%FC+7");
  const right = await prove(given);
  assert.deepEqual(right.mismatches, []);
  const wrong = await prove(
    given,
    (code) =>
      code.replace(/encoded_form\("windows-1251", (\[[^;]*?\n {4}\])\)/, "new URLSearchParams($1)")
        .replace(/^.*"Content-Type": "application\/x-www.*\n/m, ""),
  );
  assert.match(
    wrong.mismatches.map(({ problem }) => problem).join("; "),
    /says utf-8, and the page sends its form in windows-1251/,
  );
});

Deno.test("a form in an encoding that no page names is no proven login", async () => {
  const { mismatches } = await prove(recorded("utf-8", "who=%CE%EB%FC%E3%E0&pw=%F0%EE%E6%FC+7"));
  assert.match(
    mismatches.map(({ problem }) => problem).join("; "),
    /in an encoding that no recorded page names/,
  );
});

Deno.test("fields that a page calls otherwise in each load are called so in its encoding, too", async () => {
  const body = "f_8a3c1d=%CE%EB%FC%E3%E0&f_91cc0f=%F0%EE%E6%FC+7";
  const given = recorded("windows-1251", body, "f_8a3c1d", "f_91cc0f");
  let written = "";
  const { mismatches, assumptions } = await prove(given, (code) => written = code);
  assert.deepEqual([mismatches, assumptions], [[], []]);
  assert.match(written, /encoded_form\("windows-1251", \[\s+\[field_name, username\]/);
  assert.doesNotMatch(written, /f_8a3c1d|f_91cc0f/);
});

Deno.test("a multipart form in the encoding of its page is said to be one", async () => {
  const parts = ["who", "pw"].map((name) =>
    `--reef\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n\xce\xeb\xfc\xe3\xe0\r\n`
  );
  const { traces } = recorded("windows-1251", "who=noor&pw=reef");
  const sent = traces.map((one) =>
    one.request.body === null ? one : {
      ...one,
      request: {
        ...one.request,
        headers: [["Content-Type", "multipart/form-data; boundary=reef"]] as const,
        body: Uint8Array.from(`${parts.join("")}--reef--\r\n`, (char) => char.charCodeAt(0)),
      },
    }
  );
  const { mismatches } = await prove(analyzeRecording(sent));
  assert.match(
    mismatches.map(({ problem }) => problem).join("; "),
    /is not in UTF-8, in which alone scripts send multipart forms/,
  );
});
