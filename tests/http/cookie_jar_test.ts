import assert from "node:assert/strict";
import * as fc from "fast-check";
import { CookieJar as ToughJar } from "tough-cookie";
import { CookieJar, endsCookie, formatCookies } from "../../lib/http/cookie_jar.ts";
import { parseSetCookie } from "../../lib/http/cookies.ts";

const NOW_MS = Date.UTC(2026, 0, 15, 12);

/** What is sent to `to` after answers from `from` have set the cookies. */
function sent(to: string, from: string, ...lines: readonly string[]): string {
  const jar = new CookieJar();
  for (const line of lines) jar.keep([["Set-Cookie", line]], new URL(from), NOW_MS);
  return jar.header(new URL(to), NOW_MS);
}

interface Case {
  readonly rule: string;
  readonly from?: string;
  readonly lines: readonly string[];
  readonly to?: string;
  readonly expected: string;
}

const APP = "https://app.example.org/login/form";

const CASES: readonly Case[] = [
  {
    rule: "a cookie without a domain stays on its host",
    lines: ["a=1; Path=/"],
    to: "https://x.app.example.org/",
    expected: "",
  },
  {
    rule: "a domain reaches the hosts below it",
    lines: ["a=1; Path=/; Domain=example.org"],
    to: "https://api.example.org/",
    expected: "a=1",
  },
  {
    rule: "a leading dot of the domain means nothing",
    lines: ["a=1; Path=/; Domain=.example.org"],
    to: "https://api.example.org/",
    expected: "a=1",
  },
  {
    rule: "a leading dot reaches the host itself too",
    lines: ["a=1; Path=/; Domain=.app.example.org"],
    expected: "a=1",
  },
  {
    rule: "a domain is not an end of a longer name",
    lines: ["a=1; Path=/; Domain=example.org"],
    to: "https://badexample.org/",
    expected: "",
  },
  {
    rule: "the domain of a host below is refused",
    lines: ["a=1; Domain=x.app.example.org"],
    to: "https://x.app.example.org/",
    expected: "",
  },
  {
    rule: "another site's domain is refused",
    lines: ["a=1; Path=/; Domain=other.example"],
    to: "https://other.example/",
    expected: "",
  },
  { rule: "an empty domain is none", lines: ["a=1; Path=/; Domain="], expected: "a=1" },
  {
    rule: "domains are compared without case",
    lines: ["a=1; Path=/; Domain=EXAMPLE.org"],
    to: "https://api.example.org/",
    expected: "a=1",
  },
  {
    rule: "an address has nothing below it",
    from: "http://10.0.0.1/",
    lines: ["a=1; Domain=0.0.1"],
    to: "http://10.0.0.1/",
    expected: "",
  },
  {
    rule: "an address may name itself",
    from: "http://10.0.0.1/",
    lines: ["a=1; Domain=10.0.0.1"],
    to: "http://10.0.0.1/",
    expected: "a=1",
  },
  {
    rule: "ports are not looked at",
    from: "http://10.0.0.1:81/",
    lines: ["a=1"],
    to: "http://10.0.0.1:82/",
    expected: "a=1",
  },
  {
    rule: "without a path a cookie is for its folder",
    lines: ["a=1"],
    to: "https://app.example.org/login/next",
    expected: "a=1",
  },
  {
    rule: "without a path a cookie is not for the folder above",
    lines: ["a=1"],
    to: "https://app.example.org/",
    expected: "",
  },
  {
    rule: "the folder of /login is the root",
    from: "https://app.example.org/login",
    lines: ["a=1"],
    to: "https://app.example.org/x",
    expected: "a=1",
  },
  {
    rule: "a path that does not begin with a slash is none",
    lines: ["a=1; Path=x"],
    to: "https://app.example.org/login/",
    expected: "a=1",
  },
  {
    rule: "a path covers what is below it",
    lines: ["a=1; Path=/api"],
    to: "https://app.example.org/api/x",
    expected: "a=1",
  },
  {
    rule: "a path covers no longer name",
    lines: ["a=1; Path=/api"],
    to: "https://app.example.org/apix",
    expected: "",
  },
  {
    rule: "Max-Age goes before an Expires that is over",
    lines: ["a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60"],
    expected: "a=1",
  },
  {
    rule: "Max-Age=0 goes before an Expires to come",
    lines: ["a=1; Path=/", "a=2; Path=/; Max-Age=0; Expires=Fri, 01 Jan 2100 00:00:00 GMT"],
    expected: "",
  },
  {
    rule: "a negative Max-Age removes",
    lines: ["a=1; Path=/", "a=1; Path=/; Max-Age=-1"],
    expected: "",
  },
  {
    rule: "a Max-Age that is not a number is none",
    lines: ["a=1; Path=/; Max-Age=0x"],
    expected: "a=1",
  },
  {
    rule: "an Expires that is not a date is none",
    lines: ["a=1; Path=/; Expires=0"],
    expected: "a=1",
  },
  {
    rule: "a removal on another path removes nothing",
    lines: ["a=1; Path=/", "a=; Path=/login; Max-Age=0"],
    expected: "a=1",
  },
  { rule: "an empty value is a value", lines: ["a=1; Path=/", "a=; Path=/"], expected: "a=" },
  { rule: "quotes stay as on the wire", lines: ['a="b c"; Path=/'], expected: 'a="b c"' },
  { rule: "padding stays as on the wire", lines: ["a=YQ==; Path=/"], expected: "a=YQ==" },
  { rule: "blanks around name and value go", lines: [" a = 1 ; Path=/"], expected: "a=1" },
  {
    rule: "cookies of one name on several paths are all sent, the longer path first",
    lines: ["a=1; Path=/", "a=2; Path=/login"],
    expected: "a=2; a=1",
  },
  {
    rule: "of equal paths the older cookie comes first, replaced or not",
    lines: ["a=1; Path=/", "b=2; Path=/", "a=3; Path=/"],
    expected: "a=3; b=2",
  },
  {
    rule: "a host's and its domain's cookie of one name and path are one",
    lines: ["a=1; Path=/", "a=2; Path=/; Domain=app.example.org"],
    expected: "a=2",
  },
  {
    rule: "a secure cookie is not sent without TLS",
    lines: ["a=1; Path=/; Secure"],
    to: "http://app.example.org/",
    expected: "",
  },
  {
    rule: "a secure cookie is not set without TLS",
    from: "http://app.example.org/",
    lines: ["a=1; Path=/; Secure"],
    expected: "",
  },
  {
    rule: "a secure cookie is sent to this machine",
    from: "http://127.0.0.1:8080/",
    lines: ["a=1; Path=/; Secure"],
    to: "http://127.0.0.1:8080/",
    expected: "a=1",
  },
];

for (const { rule, from = APP, lines, to = APP, expected } of CASES) {
  Deno.test(`CookieJar: ${rule}`, () => assert.equal(sent(to, from, ...lines), expected));
}

Deno.test("CookieJar sends a cookie until its lifetime is over", () => {
  const jar = new CookieJar();
  const url = new URL(APP);
  jar.keep([["Set-Cookie", "a=1; Path=/; Max-Age=60"]], url, NOW_MS);
  assert.equal(jar.header(url, NOW_MS + 59_999), "a=1");
  assert.equal(jar.header(url, NOW_MS + 60_000), "");
  assert.deepEqual(jar.values("a", url), ["1"]);
});

Deno.test("parseSetCookie() ignores a line with a control character in it, but for the tab", () => {
  for (const line of ["a=1\r\nX: y", "a\nb=1", "a=\x00", "a=1; Path=/\x7f"]) {
    assert.equal(parseSetCookie(line), null, JSON.stringify(line));
  }
  assert.equal(parseSetCookie("a=1\t2")?.value, "1\t2");
});

Deno.test("endsCookie() is true for a lifetime that is over and for no value", () => {
  const ends = (line: string) => endsCookie(parseSetCookie(line)!, NOW_MS);
  for (const line of ["a=1; Max-Age=0", "a=", 'a=""', "a=1; Expires=Thu, 01-Jan-70 00:00:01 GMT"]) {
    assert.ok(ends(line), line);
  }
  for (const line of ["a=1", "a=1; Max-Age=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]) {
    assert.ok(!ends(line), line);
  }
});

Deno.test("formatCookies() writes a cookie without a name as its value", () => {
  assert.equal(formatCookies([["a", "1"], ["", "2"]]), "a=1; 2");
});

const HOSTS = [
  "example.org",
  "app.example.org",
  "x.app.example.org",
  "other.example.net",
  "10.0.0.1",
];
const PATHS = ["/", "/a", "/a/", "/a/b", "/ab", "/a/b/c"];
const url = fc.tuple(
  fc.constantFrom("http", "https"),
  fc.constantFrom(...HOSTS),
  fc.constantFrom(...PATHS),
)
  .map(([scheme, host, path]) => `${scheme}://${host}${path}`);
const attribute = fc.oneof(
  fc.constantFrom(...HOSTS, ".example.org", "EXAMPLE.ORG", "0.0.1", "").map((host) =>
    `Domain=${host}`
  ),
  fc.constantFrom(...PATHS, "a", "").map((path) => `Path=${path}`),
  fc.constantFrom("0", "-5", "3600", "x", "").map((age) => `Max-Age=${age}`),
  fc.constantFrom("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01-Jan-2100 00:00:00 GMT", "never")
    .map((date) => `expires=${date}`),
  fc.constantFrom("Secure", "HttpOnly", "SameSite=None"),
);
const line = fc.tuple(
  fc.constantFrom("a", "b", " a "),
  fc.constantFrom("1", "2", "", '"3"', "YQ==", " 4 ", "x=y"),
  fc.array(attribute, { maxLength: 4 }),
).map(([name, value, attributes]) => [`${name}=${value}`, ...attributes].join("; "));

/** A cookie set anew after its end is as old as before for tough-cookie, and new for us: order apart. */
const sorted = (header: string) => header.split("; ").sort();

Deno.test("CookieJar sends what tough-cookie sends", () => {
  const answers = fc.array(fc.tuple(url, line), { minLength: 1, maxLength: 6 });
  fc.assert(fc.property(answers, url, (set, to) => {
    const ours = new CookieJar();
    const theirs = new ToughJar(undefined, { looseMode: true, rejectPublicSuffixes: false });
    for (const [from, text] of set) {
      ours.keep([["set-cookie", text]], new URL(from), Date.now());
      theirs.setCookieSync(text, from, { ignoreError: true });
    }
    const header = ours.header(new URL(to), Date.now());
    assert.deepEqual(sorted(header), sorted(theirs.getCookieStringSync(to)));
  }));
});

Deno.test("CookieJar holds no more than user agents do", () => {
  const url = new URL("https://a.example/");
  const jar = new CookieJar();
  const keep = (from: URL, ...lines: string[]) =>
    jar.keep(lines.map((line) => ["set-cookie", line]), from, 0);
  keep(url, `large=${"x".repeat(4_100)}`, "old=1", "last=1; Max-Age=1");
  assert.equal(jar.header(url, 0), "old=1; last=1");
  keep(url, ...Array.from({ length: 60 }, (_, at) => `c${at}=1`));
  const names = jar.cookiesFor(url, 0).map(({ name }) => name);
  assert.equal(names.length, 50);
  assert.ok(!names.includes("old") && names.includes("c59"));
  const other = new URL("https://b.example/");
  keep(other, "b=1");
  keep(url, ...Array.from({ length: 60 }, (_, at) => `d${at}=1`));
  assert.equal(jar.header(other, 0), "b=1");
});
