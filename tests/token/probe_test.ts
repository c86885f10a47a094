import assert from "node:assert/strict";
import { judgeProbe, judgeRepeated, type ProbeAnswer, similarity } from "../../lib/token/probe.ts";

function answer(status: number, text = "", isLogin = false): ProbeAnswer {
  return { status, text, isLogin };
}

const LOGIN_PAGE = "Please log in with your name and your password to see this page";

const single: [name: string, withToken: ProbeAnswer, without: ProbeAnswer, verdict: string][] = [
  ["401 with the token", answer(401), answer(401), "failed"],
  ["200 with and 401 without", answer(200, "ada"), answer(401), "confirmed"],
  [
    "200 with and a login page without",
    answer(200, "ada"),
    answer(200, LOGIN_PAGE, true),
    "confirmed",
  ],
  [
    "the login page with and without, its token changed",
    answer(200, `${LOGIN_PAGE} a1b2`, true),
    answer(200, `${LOGIN_PAGE} c3d4`, true),
    "failed",
  ],
  [
    "a page with a password field that is not the login page",
    answer(200, "Ada, change your password or your address here, settings of ada", true),
    answer(200, LOGIN_PAGE, true),
    "confirmed",
  ],
  ["403 with and without", answer(403), answer(403), "failed"],
  ["403 with and 401 without", answer(403), answer(401), "inconclusive"],
  ["404 with and 401 without", answer(404), answer(401), "inconclusive"],
  ["a server with a problem", answer(503), answer(401), "inconclusive"],
  ["the same answer to anybody", answer(200, "{}"), answer(200, "{}"), "inconclusive"],
  ["another answer to anybody", answer(200, '{"name":"ada"}'), answer(200, "{}"), "repeat"],
];

for (const [name, withToken, without, verdict] of single) {
  Deno.test(`judgeProbe() of ${name} is ${verdict}`, () => {
    assert.equal(judgeProbe(withToken, without), verdict);
  });
}

const PAGE = "news of the day: rain in the north, sun in the south, wind in the west";

const repeated: [name: string, texts: [string, string, string, string], verdict: string][] = [
  ["stable answers that differ", ["ada", "ada", "{}", "{}"], "confirmed"],
  [
    "pages that differ by a clock alone",
    [`${PAGE} 1`, `${PAGE} 2`, `${PAGE} 3`, `${PAGE} 4`],
    "inconclusive",
  ],
  [
    "pages with a clock that differ in much more",
    [`${PAGE} 1`, `${PAGE} 2`, "hello stranger, log in 3", "hello stranger, log in 4"],
    "confirmed",
  ],
  [
    "public pages with a token that greet and that ask to log in",
    [
      `${PAGE} ada log out k1`,
      `${PAGE} ada log out k2`,
      `${PAGE} please log in k3`,
      `${PAGE} please log in k4`,
    ],
    "confirmed",
  ],
  [
    "public pages that hold the token of a session nobody logged in to",
    [`${PAGE} xkqw k1`, `${PAGE} xkqw k2`, `${PAGE} zpfh k3`, `${PAGE} mbtg k4`],
    "inconclusive",
  ],
  ["answers that are never the same", ["a b c", "d e f", "g h i", "j k l"], "inconclusive"],
];

for (const [name, [first, second, third, fourth], verdict] of repeated) {
  Deno.test(`judgeRepeated() of ${name} is ${verdict}`, () => {
    const pair = (a: string, b: string): [ProbeAnswer, ProbeAnswer] => [
      answer(200, a),
      answer(200, b),
    ];
    assert.equal(judgeRepeated(pair(first, second), pair(third, fourth)), verdict);
  });
}

Deno.test("similarity() goes from 0 to 1", () => {
  assert.equal(similarity("a b", "a b"), 1);
  assert.equal(similarity("", ""), 1);
  assert.equal(similarity("a b", "c d"), 0);
  assert.equal(similarity("a b c d", "a b"), 4 / 6);
});
