/** What a page says reaches a model where it is the application's, in whatever language, and its reader's name never does. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import { pageLabels } from "../../lib/http/page_labels.ts";
import { recordedFacts, type Typed } from "../../lib/llm/recorded_facts.ts";
import { Redaction } from "../../lib/llm/redaction.ts";
import { ShownLabels } from "../../lib/llm/shown_labels.ts";
import { capture, trace } from "../support/traces.ts";

const SITE = "https://kiln.example";
const USER: Typed = { kind: "identifier", value: "okafor.i" };
const login = (user = USER.value) =>
  trace(`POST ${SITE}/login`, { form: { user, password: "Tr0ub4dor&3" }, location: "/home" });

/** What is shown of the last page of a recording. */
function shownOf(traces: readonly Trace[], said = "", typed: readonly Typed[] = [USER]) {
  const redaction = new Redaction(recordedFacts(traces, null, typed));
  const { request, response } = traces.at(-1)!;
  const labels = pageLabels(new TextDecoder().decode(response!.body!));
  return new ShownLabels(redaction, said).page({ ...labels, url: request.url });
}

const page = (path: string, html: string) => trace(`GET ${SITE}${path}`, { html });

const BUTTONS: readonly (readonly [language: string, buttons: readonly string[]])[] = [
  ["English", ["Book visit", "Enrol", "Waive the fee"]],
  ["German", ["Archivieren", "Termin buchen", "Kündigen"]],
  ["French", ["Réserver", "Clôturer le dossier", "Réimprimer l'étiquette", "S’inscrire"]],
  ["Spanish", ["Añadir cita", "Matricular"]],
  ["Polish", ["Zarezerwuj wizytę"]],
  ["Turkish", ["Kaydı sil"]],
  ["Russian", ["Записаться", "Закрыть заявку"]],
  ["Greek", ["Κλείστε ραντεβού"]],
  ["Japanese", ["予約する", "アーカイブ"]],
  ["Chinese", ["预约"]],
];

for (const [language, buttons] of BUTTONS) {
  Deno.test(`what a button does is shown in ${language}, though neither list nor API has the word`, () => {
    const html = buttons.map((text) => `<button>${text}</button>`).join("") +
      buttons.map((text) => `<input type=submit value="${text}">`).join("");
    assert.deepEqual(shownOf(capture(login(), page("/visits/17", html))).buttons, buttons);
  });
}

/** Every one names a reader, or something of a reader's, and stands in the page alone. */
const ABOUT_SOMEBODY: readonly (readonly [html: string, hidden: readonly string[]])[] = [
  ["<h1>Welcome back, Dr. Ines Okafor</h1><button>Ines abmelden</button>", ["Ines", "Okafor"]],
  ["<button>Ines Okafor</button><button>Ines abmelden</button>", ["Ines", "Okafor"]],
  ["<title>Ines Okafor – Kiln</title><button>Ines abmelden</button>", ["Ines", "Okafor"]],
  ["<button>Ouvrir le dossier d'Ines</button><button>Noter l’Okafor</button>", ["Ines", "Okafor"]],
  ["<h1>Ines's projects</h1><h2>Ines’ visits</h2>", ["Ines"]],
  ["<title>Quarterly budget review – Kiln</title><h1>Quarterly budget review</h1>", [
    "uarterly",
    "budget",
    "review",
  ]],
  ["<h1>Anna Berger</h1><h2>berger, anna</h2>", ["Anna", "Berger", "berger", "anna"]],
  ["<button aria-haspopup=menu>Ines</button><button class=user-menu>Okafor I</button>", [
    "Ines",
    "Okafor",
  ]],
  ["<button>Message Ines Okafor</button><button>Sign out Ines</button>", ["Ines", "Okafor"]],
  ["<button name=profile value=3>Ines</button><button name=profile value=4>Tom</button>", [
    "Ines",
    "Tom",
  ]],
  ["<span class=username>ines</span><button>log out ines</button>", ["ines"]],
  ["<h1>Willkommen zurück, <b>Ines Okafor</b></h1><button>Ines anrufen</button>", [
    "Ines",
    "Okafor",
  ]],
  ["<h2>Ines’s visits</h2><button>Ines</button>", ["Ines"]],
  ["<button>Delete “summer plan”</button><button>«весна» löschen</button>", [
    "summer",
    "plan",
    "весна",
  ]],
  ["<p>Signed in as Ines</p><button>Ines</button>", ["Ines"]],
  ["<h1>Здравствуйте, Инес</h1><button>Инес</button>", ["Инес"]],
  ["<button>山田さんに連絡</button><h1>山田太郎</h1>", ["山田"]],
  ["<button>Pay invoice 48213</button><button>okafor.i</button>", ["48213", "okafor"]],
];

for (const [html, hidden] of ABOUT_SOMEBODY) {
  Deno.test(`who reads a page is not shown: ${html}`, () => {
    for (const path of ["/projects/17", "/projects"]) {
      if (path === "/projects" && html.includes("budget")) continue;
      const shown = JSON.stringify(shownOf(capture(login(), page(path, html)), "projects"));
      for (const text of hidden) assert.ok(!shown.includes(text), `${text} in ${shown}`);
    }
  });
}

Deno.test("what answers hold is hidden in a button, and what stands around it is shown", () => {
  const data = trace(`GET ${SITE}/api/me`, {
    answer: { name: "Zora Quint", list: ["Spring retreat"] },
  });
  const html =
    "<button>Zora einladen</button><button>Open Spring retreat</button><button>Zusagen</button>";
  assert.deepEqual(shownOf(capture(login(), data, page("/a/17", html))).buttons, [
    "… einladen",
    "Open … …",
    "Zusagen",
  ]);
});

Deno.test("a heading is shown where the application says it to anybody", () => {
  const html =
    "<title>Sprechstunden – Kiln</title><h1>Neuen Termin vereinbaren</h1><h2>Anna Berger</h2>";
  const shownAfter = (...before: Trace[]) =>
    shownOf(capture(...before, login(), page("/p/17", html)));
  const script = trace(`GET ${SITE}/app.js`, {
    noise: "static-asset",
    answerHeaders: [["Content-Type", "text/javascript"]],
    text: `t("Sprechstunden"); h('Neuen Termin vereinbaren')`,
  });
  assert.deepEqual(shownAfter(script).headings, ["Neuen Termin vereinbaren", "… …"]);
  assert.equal(shownAfter(script).title, "Sprechstunden – …");
  const words = trace(`GET ${SITE}/locales/de`, { answer: { a: ["Neuen Termin vereinbaren"] } });
  assert.deepEqual(shownAfter(words).headings, ["Neuen Termin vereinbaren", "… …"]);
  assert.deepEqual(shownAfter().headings, ["… … …", "… …"]);
});

Deno.test("a heading is shown that two accounts are shown, and hidden where one alone is", () => {
  const html = (name: string) => `<h1>Alle Rezepte</h1><h2>${name}</h2>`;
  const second = capture(login("berger.a"), page("/p/18", html("Anna Berger")))
    .map((one) => ({ ...one, captureId: "c_02", id: `${one.id}_2` }));
  const first = capture(login(), page("/p/17", html("Ines Okafor")));
  assert.deepEqual(shownOf([...first, ...second]).headings, ["Alle Rezepte", "… …"]);
  const same = second.map((one) =>
    one.request.method === "POST" ? { ...first[0]!, captureId: "c_02" } : one
  );
  assert.deepEqual(shownOf([...first, ...same]).headings, ["… …", "… …"]);
});

Deno.test("a heading is shown on a page whose address the API's words make", () => {
  const html = "<title>Book visit</title><h1>Enrol</h1><h2>Archivieren</h2>";
  const shown = shownOf(
    capture(login(), page("/visits/archive", html)),
    "visits archive enrolments",
  );
  assert.deepEqual([shown.title, shown.headings], ["Book visit", ["Enrol", "Archivieren"]]);
  const ofThing = shownOf(capture(login(), page("/visits/17", html)), "archive enrolments");
  assert.deepEqual([ofThing.title, ofThing.headings], ["… …", ["…", "…"]]);
});

Deno.test("nothing counts as said to anybody that a request with a session got, or one before an export without logins", () => {
  const html = "<h1>Okafors Rezepte</h1>";
  const headings = (...traces: Trace[]) => shownOf(capture(...traces)).headings;
  const before = trace(`GET ${SITE}/p/17`, { html, cookie: "sid=Zq7Kx81mPw20Rt" });
  assert.deepEqual(headings(before, login(), page("/p/17", html)), ["… …"]);
  assert.deepEqual(headings(page("/p/16", html), page("/p/17", html)), ["… …"]);
  assert.deepEqual(headings(page("/p/16", html), login(), page("/p/17", html)), [
    "Okafors Rezepte",
  ]);
});
