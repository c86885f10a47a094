/** What a model sees of the texts in a page's code: those of the application stand, those of its reader do not. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import { recordedFacts } from "../../lib/llm/recorded_facts.ts";
import { RecordingView } from "../../lib/llm/recording_view.ts";
import { Redaction } from "../../lib/llm/redaction.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://weir.example";
const login = trace(`POST ${SITE}/login`, {
  json: { berth: "okafor.i", key: "Tr0ub4dor&3", csrf: "tulip-ninety" },
  answer: { pass: "JT-hUGf-pLQuGMv6NFd-k9rG", place: "Kingston Wharf", berth: "Kingston" },
});
const page = (code: string, parts: TraceParts = {}) =>
  trace(`GET ${SITE}/harbour`, { html: `<script>${code}</script>`, ...parts });

/** What is shown of the code of the page that the recording holds. */
function shownIn(...parts: Trace[]): string {
  const traces = capture(...parts);
  const facts = recordedFacts(traces, null, [{ kind: "identifier", value: "okafor.i" }]);
  const view = new RecordingView(traces, new Redaction(facts));
  const { id } = traces.find(({ request }) => request.url.endsWith("/harbour"))!;
  return JSON.stringify(view.trace(id)!.response!.body).replaceAll('\\"', '"');
}

const CODE =
  `const info = "Weir Harbour Login"; let text = user + "  then the  tide of " + day + \`\${a} bei ebbe \${b}\`;
  if (phase === "spring-tide") say("Bitte den Liegeplatz eingeben", "%s of %d"); send({ label: "weir login v2" });`;
const STANDS = [
  '"Weir Harbour Login"',
  '"  then the  tide of "',
  " bei ebbe ",
  '"spring-tide"',
  '"Bitte den Liegeplatz eingeben"',
  '"%s of %d"',
  '"weir login v2"',
];

Deno.test("texts of code stand, white space included, on a page that was sent before its reader was known", () => {
  const shown = shownIn(page(CODE), login);
  for (const text of STANDS) assert.ok(shown.includes(text), `${text} in ${shown}`);
});

Deno.test("what is put beside something stands on a page after the login, what code is handed does not", () => {
  const shown = shownIn(login, page(CODE));
  for (const text of ['"  then the  tide of "', " bei ebbe ", '"spring-tide"']) {
    assert.ok(shown.includes(text), `${text} in ${shown}`);
  }
  for (const text of ["Harbour", "Liegeplatz"]) {
    assert.ok(!shown.includes(text), `${text} in ${shown}`);
  }
});

Deno.test("after the login stands, too, what a file for everybody or the page before it says", () => {
  const code = 'const a = "Weir Harbour Login", b = "Zora Quint";';
  const script = (parts: TraceParts) =>
    trace(`GET ${SITE}/weir.js`, {
      noise: "static-asset",
      text: code,
      ...parts,
      answerHeaders: [["Content-Type", "text/javascript"], ...parts.answerHeaders ?? []],
    });
  assert.match(shownIn(script({}), login, page(code)), /"Weir Harbour Login".*"Zora Quint"/);
  const own = script({ answerHeaders: [["Cache-Control", "private, max-age=60"]] });
  assert.doesNotMatch(shownIn(own, login, page(code)), /Weir|Zora/);
  const asked = { headers: [["Cookie", "sid=Zq7Kx81mPw20Rt"]] } as const;
  const made = {
    ...script({ answerHeaders: [["ETag", 'W/"1f-9c"']] }),
    request: { ...script({}).request, ...asked },
  };
  assert.doesNotMatch(shownIn(login, made, page(code)), /Weir|Zora/);
  const kept = {
    ...script({ answerHeaders: [["Cache-Control", "max-age=600"]] }),
    request: made.request,
  };
  assert.match(shownIn(login, kept, page(code)), /"Weir Harbour Login".*"Zora Quint"/);
  const front = trace(`GET ${SITE}/`, { html: "<title>Weir Harbour Login</title>" });
  assert.match(shownIn(front, login, page(code)), /"Weir Harbour Login"(?!.*Zora)/);
});

/** Each is handed to the code of a page, or is known of its reader from elsewhere. */
const HIDDEN: readonly (readonly [code: string, hidden: readonly string[], before: boolean])[] = [
  ['greet("Ines Okafor"); const who = "ines"; show({ name: "ines" });', ["Ines", "ines"], false],
  ['window.__STATE__ = {"who":"ines","boats":["tern","Wren"]}; f(who + "tern");', [
    "ines",
    "tern",
    "Wren",
  ], false],
  ['window.S = {"who":"Ines Okafor"}; f("Dear Ines Okafor, " + x);', ["Ines", "Okafor"], true],
  ['f("tel:" + "+49 170 123 456", a + "12.03.85")', ["170", "03"], false],
  ['f(a + "田中太郎", "田中-" + b)', ["田中"], false],
  ['const base = "/KINGSTON/"; f(base)', ["KINGSTON"], false],
  ['f(a + "at kingston wharf")', ["kingston"], false],
  ['f(a + "for okafor.i ")', ["okafor"], false],
  ['const t = "tulip-ninety", u = "k9X2mLq8Zt4R";', ["tulip", "k9X2mLq8Zt4R"], true],
  ['const m = "ines@mail.example", n = "ines%40mail";', ["ines"], true],
];

for (const [code, hidden, before] of HIDDEN) {
  Deno.test(`what belongs to a reader does not stand in the code of a page: ${code}`, () => {
    const shown = before ? shownIn(page(code), login) : shownIn(login, page(code));
    for (const text of hidden) assert.ok(!shown.includes(text), `${text} in ${shown}`);
  });
}

Deno.test("an alphabet in an order of its own stands, and a token of its length does not", () => {
  const alphabet = "QWERTYUIOPASDFGHJKLZXCVBNM7654321098";
  const token = "QWERTYUIOPASDFGHJKLZXCVBNM7654321QA8";
  const shown = shownIn(page(`const a = "${alphabet}", b = "${token}";`), login);
  assert.ok(shown.includes(alphabet), shown);
  assert.ok(!shown.includes(token), shown);
});
