import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { type AnswerMarks, marksOf } from "../../lib/token/answer_marks.ts";
import {
  type Doubt,
  type DoubtfulAnswer,
  doubtIn,
  type Likeness,
  likenessOf,
  mostTelling,
} from "../../lib/token/session_judge.ts";
import type { SessionSign } from "../../lib/token/session_signs.ts";

function json(value: JsonValue, status = 200): AnswerMarks {
  return marksOf({ status, isLogin: false, place: null, content: { kind: "json", value } });
}

function html(text: string, parts: Partial<AnswerMarks> = {}): AnswerMarks {
  const look = { status: 200, isLogin: false, place: null, ...parts };
  return marksOf({ ...look, content: { kind: "html", text } });
}

function sign(known: AnswerMarks, without: AnswerMarks, path = "/me"): SessionSign {
  return { request: { method: "GET", url: `https://shop.example${path}` }, with: known, without };
}

const ADA = { user: { name: "Ada", id: 7 }, theme: "dark" };
const items = (...titles: string[]) => json({ items: titles.map((title) => ({ title })) });

const LIKENESSES: readonly (readonly [string, AnswerMarks, SessionSign, Likeness])[] = [
  ["the refusal", json({}, 403), sign(json(ADA), json({}, 403)), "without"],
  [
    "another account's data",
    json({ user: { name: "Bob", id: 8 }, theme: "dark" }),
    sign(json(ADA), json({}, 403)),
    "with",
  ],
  ["a server with a problem", json({}, 500), sign(json(ADA), json({}, 403)), "unclear"],
  [
    "nobody",
    json({ user: null, theme: "light" }),
    sign(json(ADA), json({ user: null, theme: "light" })),
    "without",
  ],
  [
    "somebody",
    json({ user: { name: "Eve", id: 9 }, theme: "light" }),
    sign(json(ADA), json({ user: null, theme: "light" })),
    "with",
  ],
  [
    "the public part of a list",
    items("Hours"),
    sign(items("Hours", "Mine", "Ours"), items("Hours")),
    "without",
  ],
  [
    "a list with something new",
    items("Hours", "Mine", "Ours", "New"),
    sign(items("Hours", "Mine", "Ours"), items("Hours")),
    "with",
  ],
  [
    "a list of other things",
    items("This", "That"),
    sign(items("Hours", "Mine", "Ours"), items("Hours")),
    "unclear",
  ],
  [
    "a redirect to where strangers go",
    html("x", { place: "https://shop.example/hello" }),
    sign(html("x"), html("x", { place: "https://shop.example/hello" })),
    "without",
  ],
  [
    "a page that greets",
    html("Hello Ada, log out"),
    sign(html("Hello Ada, log out"), html("Hello, log in")),
    "with",
  ],
  [
    "a page that asks",
    html("Hello, log in"),
    sign(html("Hello Ada, log out"), html("Hello, log in")),
    "without",
  ],
];

for (const [what, now, measured, likeness] of LIKENESSES) {
  Deno.test(`likenessOf() ${what} is "${likeness}"`, () => {
    assert.equal(likenessOf(now, measured), likeness);
  });
}

const REFUSING = [sign(json(ADA), json({ code: "NOT_LOGGED_IN" }))];
const OPEN = [sign(json(ADA), json({ user: null, theme: "light" }))];
const answer = (marks: AnswerMarks, parts: Partial<DoubtfulAnswer> = {}): DoubtfulAnswer => ({
  marks,
  address: "GET https://shop.example/orders",
  expectedKind: "json",
  isIncomplete: false,
  endsCookie: false,
  ...parts,
});

const DOUBTS: readonly (readonly [string, DoubtfulAnswer, readonly SessionSign[], Doubt])[] = [
  [
    "data of the recorded kind",
    answer(json({ orders: [] })),
    [sign(json(ADA), json({}, 401))],
    "none",
  ],
  ["any refusal", answer(json({}, 404)), [], "by looks"],
  ["a request to wait", answer(json({}, 429)), REFUSING, "none"],
  ["a server with a problem", answer(json({}, 500)), REFUSING, "none"],
  ["the problem that a server has with strangers", answer(json({}, 500)), [
    sign(json(ADA), json({}, 500)),
  ], "by looks"],
  ["a page in place of data", answer(html("Hello")), [], "by looks"],
  ["an incomplete answer", answer(json({}), { isIncomplete: true }), [], "by looks"],
  ["an answer that ends a cookie", answer(json({}), { endsCookie: true }), [], "by looks"],
  [
    "the code that strangers get elsewhere",
    answer(json({ code: "NOT_LOGGED_IN" })),
    REFUSING,
    "by looks",
  ],
  ["another code", answer(json({ code: "OK" })), [
    sign(json({ code: "OK", user: "Ada" }), json({ code: "NOT_LOGGED_IN", user: "" })),
  ], "by the app"],
  ["anything where all is answered to anybody", answer(json({ orders: [] })), OPEN, "by the app"],
  [
    "the measured answer itself",
    answer(json(ADA), { address: "GET https://shop.example/me" }),
    OPEN,
    "none",
  ],
];

for (const [what, given, signs, doubt] of DOUBTS) {
  Deno.test(`doubtIn() ${doubt === "none" ? "takes" : "doubts"} ${what}`, () => {
    assert.equal(doubtIn(given, signs), doubt);
  });
}

Deno.test("mostTelling() prefers a refusal to other words, and takes nothing that does not tell", () => {
  const words = sign(json(ADA), json({ user: null }), "/a");
  const refusal = sign(json({ a: 1 }), json({}, 403), "/b");
  assert.equal(mostTelling([words, refusal]), refusal);
  assert.equal(mostTelling([sign(json(ADA), json(ADA))]), null);
});

Deno.test("marksOf() keeps no text of the answer", () => {
  const kept = JSON.stringify(json({ user: { name: "Ada Lovelace", mail: "ada@example.com" } }));
  assert.doesNotMatch(kept, /Ada|Lovelace|example|name|mail/);
});
