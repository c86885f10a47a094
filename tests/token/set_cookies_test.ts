import assert from "node:assert/strict";
import { applySetCookies } from "../../lib/token/set_cookies.ts";
import type { TokenState } from "../../lib/token/token_state.ts";

const NOW_SEC = 1_800_000_000;
const ORIGIN = "https://api.example.com";

function token(parts: Partial<TokenState> = {}): TokenState {
  return {
    headers: { Cookie: "sid=s1; theme=dark" },
    body_params: {},
    query_params: {},
    computed: [],
    refresh_token: null,
    expires_at: null,
    obtained_at: NOW_SEC - 100,
    origins: [ORIGIN],
    stale: false,
    ...parts,
  };
}

function answer(setCookies: string[], url = `${ORIGIN}/v1/items`) {
  return setCookies.map((line) => ({ url, line }));
}

interface Case {
  name: string;
  current?: TokenState;
  sent?: TokenState;
  setCookies: string[];
  url?: string;
  /** The `Cookie` header afterwards; `null`: nothing changes. */
  expected: string | null;
}

const cases: Case[] = [
  { name: "replaces a cookie", setCookies: ["sid=s2; Path=/"], expected: "sid=s2; theme=dark" },
  {
    name: "replaces a cookie bound to a path",
    setCookies: ["sid=s2; Path=/v1"],
    expected: "sid=s2; theme=dark",
  },
  {
    name: "takes no cookie that the token does not hold",
    setCookies: ["csrf=c1; HttpOnly", "x=1; Path=/v1"],
    expected: null,
  },
  {
    name: "takes none of a flood",
    setCookies: Array.from({ length: 30 }, (_, at) => `c${at}=${"x".repeat(3_000)}`),
    expected: null,
  },
  {
    name: "takes no cookie that is larger than cookies are",
    setCookies: [`sid=${"x".repeat(5_000)}`],
    expected: null,
  },
  {
    name: "does not let the header grow beyond what servers take",
    current: token({ headers: { Cookie: `sid=s1; a=${"y".repeat(4_000)}; b=2; c=3` } }),
    sent: token({ headers: { Cookie: `sid=s1; a=${"y".repeat(4_000)}; b=2; c=3` } }),
    setCookies: [`b=${"x".repeat(4_000)}`, `c=${"x".repeat(4_000)}`],
    expected: `sid=s1; a=${"y".repeat(4_000)}; b=${"x".repeat(4_000)}; c=3`,
  },
  { name: "removes an expired cookie", setCookies: ["theme=; Max-Age=0"], expected: "sid=s1" },
  {
    name: "removes a cookie with a past Expires",
    setCookies: ["theme=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
    expected: "sid=s1",
  },
  {
    name: "takes the last of several values",
    setCookies: ["sid=s2", "sid=s3"],
    expected: "sid=s3; theme=dark",
  },
  { name: "leaves the same value alone", setCookies: ["sid=s1; Path=/"], expected: null },
  {
    name: "ignores other origins",
    setCookies: ["sid=x"],
    url: "https://evil.example/",
    expected: null,
  },
  {
    name: "compares origins as origins",
    setCookies: ["sid=x"],
    url: `${ORIGIN}.evil.example/`,
    expected: null,
  },
  {
    name: "ignores another scheme",
    setCookies: ["sid=x"],
    url: "http://api.example.com/",
    expected: null,
  },
  { name: "ignores a foreign domain", setCookies: ["sid=x; Domain=other.org"], expected: null },
  {
    name: "accepts the parent domain",
    setCookies: ["sid=s2; Domain=example.com"],
    expected: "sid=s2; theme=dark",
  },
  {
    name: "does not overwrite what another answer wrote",
    current: token({ headers: { Cookie: "sid=s9; theme=dark" } }),
    setCookies: ["sid=s2"],
    expected: null,
  },
  {
    name: "does not touch a newer login",
    current: token({ obtained_at: NOW_SEC }),
    setCookies: ["sid=s2"],
    expected: null,
  },
  {
    name: "leaves a token without cookies alone",
    current: token({ headers: { Authorization: "Bearer a" } }),
    sent: token({ headers: { Authorization: "Bearer a" } }),
    setCookies: ["sid=s2"],
    expected: null,
  },
  {
    name: "drops the Cookie header when others remain",
    current: token({ headers: { cookie: "sid=s1", Authorization: "Bearer a" } }),
    sent: token({ headers: { cookie: "sid=s1", Authorization: "Bearer a" } }),
    setCookies: ["sid=; Max-Age=0"],
    expected: "",
  },
];

for (const { name, current = token(), sent = token(), setCookies, expected, url } of cases) {
  Deno.test(`applySetCookies() ${name}`, () => {
    const updated = applySetCookies(current, sent, answer(setCookies, url), NOW_SEC * 1000);
    if (expected === null) return assert.equal(updated, null);
    const { Cookie, cookie } = updated?.headers ?? {};
    assert.equal(Cookie ?? cookie ?? "", expected);
    assert.equal(updated?.obtained_at, current.obtained_at, "it is still the same login");
  });
}

Deno.test("applySetCookies() marks a token stale whose only session was taken away", () => {
  const alone = token({ headers: { Cookie: "sid=s1" } });
  const updated = applySetCookies(alone, alone, answer(["sid=; Max-Age=0"]), NOW_SEC * 1000);
  assert.deepEqual(updated, { ...alone, stale: true });
});

const expiries: [name: string, parts: Partial<TokenState>, setCookies: string[], number | null][] =
  [
    ["with the lifetime of the new cookie", {}, ["sid=s2; Max-Age=3600"], NOW_SEC + 3600],
    ["with the lifetime of the same cookie", {}, ["sid=s1; Max-Age=3600"], NOW_SEC + 3600],
    [
      "by the shorter of two lifetimes",
      {},
      ["sid=s2; Max-Age=3600", "theme=x; Max-Age=900"],
      NOW_SEC + 900,
    ],
    ["by Max-Age before Expires", {}, [
      "sid=s2; Max-Age=3600; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    ], NOW_SEC + 3600],
    ["by no anti-forgery cookie", {}, ["csrftoken=c; Max-Age=31449600"], NOW_SEC + 60],
    ["by no session cookie", {}, ["sid=s2"], NOW_SEC + 60],
    ["by no shorter lifetime", {}, ["sid=s2; Max-Age=10"], NOW_SEC + 60],
    [
      "for no token that is more than cookies",
      {
        headers: { Cookie: "sid=s1; theme=dark", Authorization: "Bearer a" },
      },
      ["sid=s2; Max-Age=3600"],
      NOW_SEC + 60,
    ],
    ["for no token without an end", { expires_at: null }, ["sid=s2; Max-Age=3600"], null],
  ];

for (const [name, parts, setCookies, expected] of expiries) {
  Deno.test(`applySetCookies() extends the session ${name}`, () => {
    const current = token({ expires_at: NOW_SEC + 60, ...parts });
    const updated = applySetCookies(current, current, answer(setCookies), NOW_SEC * 1000);
    assert.equal((updated ?? current).expires_at, expected);
  });
}

Deno.test("applySetCookies() writes nothing for an extension of seconds", () => {
  const current = token({ expires_at: NOW_SEC + 3590 });
  const again = answer(["sid=s1; Max-Age=3600"]);
  assert.equal(applySetCookies(current, current, again, NOW_SEC * 1000), null);
});
