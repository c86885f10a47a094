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
  const { id } = traces.find(({ request }) => request.url.includes("/harbour"))!;
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

const WORDS = 'const a = "Weir Harbour Login", b = "Zora Quint";';
const at = (path: string, parts: TraceParts = {}): Trace => ({
  ...page(WORDS, parts),
  request: trace(`GET ${SITE}${path}`, parts).request,
});

for (
  const path of [
    "/invite/8fKq2Lm9Zt4R/harbour",
    "/harbour/reset/QT7X",
    "/harbour/zora@mail.example",
    "/harbour?email=zora%40mail.example",
    "/harbour?login_hint=zora",
    "/harbour?ticket=k9X2mLq8Zt4Rw1",
  ]
) {
  Deno.test(`what is said before the login at ${path} is its reader's, and so is what comes after it`, () => {
    assert.doesNotMatch(shownIn(at(path), login), /Weir|Zora/);
    assert.doesNotMatch(
      shownIn(at(path.replace("harbour", "quay")), page(WORDS), login),
      /Weir|Zora/,
    );
  });
}

for (
  const [what, html] of [
    ["greets its reader", `<p>Welcome back, <b>Zora</b></p><script>${WORDS}</script>`],
    ["has a link to log out", `<a href="/logout">Ende</a><script>${WORDS}</script>`],
    ["has a button to log out", `<button>Log out</button><script>${WORDS}</script>`],
  ] as const
) {
  Deno.test(`what a page says that ${what} is its reader's`, () =>
    assert.doesNotMatch(shownIn(at("/harbour", { html }), login), /Weir|Zora/));
}

Deno.test("an address that anybody is led to tells nobody's page from others", () => {
  const led = trace(`GET ${SITE}/`, { location: `${SITE}/harbour/4mX9qLr2Zt8K?run=p7W3nLc5Yv6B` });
  const client =
    "client_id=8fKq2Lm9Zt4R&state=k9X2mLq8Zt4Rw1&nonce=p7W3nLc5Yv6B&code_challenge=z5T8rQk1Xw3M";
  for (
    const traces of [
      [led, at("/harbour/4mX9qLr2Zt8K?run=p7W3nLc5Yv6B")],
      [at(`/authorize/harbour?${client}`)],
      [
        trace(`GET ${SITE}/`, { location: `${SITE}/harbour?next=%2Fgo%3Fs%3D4mX9qLr2Zt8KwP7v` }),
        at("/harbour?next=%2Fgo%3Fs%3D4mX9qLr2Zt8KwP7v"),
      ],
      [at("/reset/password/harbour?lang=en")],
      [at("/harbour", {
        html: `<h1>Welcome back</h1><p>Welcome to Weir</p><script>${WORDS}</script>`,
      })],
    ]
  ) {
    assert.match(shownIn(...traces, login), /"Weir Harbour Login".*"Zora Quint"/);
  }
});

Deno.test("a script that was fetched after the login is everybody's where something says so", () => {
  const code = (text: string, ...answerHeaders: [string, string][]) => ({
    ...trace(`GET ${SITE}/harbour.js`, { noise: "static-asset", text }),
    response: trace(`GET ${SITE}/`, {
      text,
      answerHeaders: [["Content-Type", "text/javascript"], ...answerHeaders],
    }).response,
  });
  const told = trace(`GET ${SITE}/api/me`, { cookie: "sid=Zq7Kx81mPw20Rt", answer: { n: 1 } });
  const computes = `function f() { ${WORDS} }`;
  assert.doesNotMatch(shownIn(login, code(computes)), /Weir|Zora/);
  assert.match(shownIn(login, told, code(computes)), /Weir.*Zora/);
  assert.match(shownIn(login, code(computes, ["Cache-Control", "max-age=600"])), /Weir.*Zora/);
  for (
    const data of [
      'window.me = {"n": "Zora Quint"};',
      'loaded([{n: "Zora Quint"}])',
      'var me = JSON.parse("\\"Zora Quint\\"")',
    ]
  ) {
    for (
      const more of [[], [["ETag", '"5f-1"']], [["Cache-Control", "max-age=5"]]] as [
        string,
        string,
      ][][]
    ) {
      assert.doesNotMatch(shownIn(login, told, code(data, ...more)), /Zora/, `${data} ${more}`);
    }
    const kept = code(data, ["Cache-Control", "public, max-age=9000"]);
    assert.match(shownIn(login, told, kept), /Zora/);
  }
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
