import assert from "node:assert/strict";
import { formPairs } from "../../lib/http/url.ts";
import { withNeeds } from "../../lib/script/snippets.ts";
import { snippets } from "./script_module.ts";

const code = await snippets();

/** A response as a script sees it. */
function response(
  { status = 200, url = "https://a.example/login", headers = [] }: {
    status?: number;
    url?: string;
    headers?: [string, string][];
  } = {},
): Response {
  const made = new Response(null, { status, headers });
  Object.defineProperty(made, "url", { value: url });
  return made;
}

type Call = readonly [snippet: string, args: readonly unknown[], expected: unknown];

async function check(calls: readonly Call[]): Promise<void> {
  for (const [name, args, expected] of calls) {
    const result = await code[name]!(...args as never[]);
    assert.equal(result, expected, `${name}(${args.map(String).join(", ")})`);
  }
}

Deno.test("md5() agrees with the test suite of RFC 1321 and with every length around a block", async () => {
  await check([
    ["md5", ["", "hex"], "d41d8cd98f00b204e9800998ecf8427e"],
    ["md5", ["a", "hex"], "0cc175b9c0f1b6a831c399e269772661"],
    ["md5", ["abc", "hex"], "900150983cd24fb0d6963f7d28e17f72"],
    ["md5", ["message digest", "hex"], "f96b697d7cb7938d525a2f31aaf161d0"],
    ["md5", ["abcdefghijklmnopqrstuvwxyz", "hex"], "c3fcd3d76192e4007dfb496cca67e13b"],
    [
      "md5",
      ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "hex"],
      "d174ab98d277d9f5a5611c2c9f419d9f",
    ],
    ["md5", ["1234567890".repeat(8), "hex"], "57edf4a22be3c955ac49da2e2107b67a"],
    ["md5", ["abc", "base64"], "kAFQmDzST7DWlj99KOF/cg=="],
  ]);
  const { createHash } = await import("node:crypto");
  for (let length = 50; length < 140; length++) {
    const text = "ü".repeat(length / 2) + "x".repeat(length % 2);
    await check([["md5", [text, "hex"], createHash("md5").update(text).digest("hex")]]);
  }
});

Deno.test("digest(), hmac() and pkce_challenge() agree with published vectors", () =>
  check([
    ["digest", ["SHA-1", "abc", "hex"], "a9993e364706816aba3e25717850c26c9cd0d89d"],
    ["digest", ["SHA-256", "abc", "base64"], "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="],
    // RFC 2202 section 3, RFC 4231 section 4.3
    [
      "hmac",
      ["SHA-1", "Jefe", "what do ya want for nothing?", "hex"],
      "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    ],
    [
      "hmac",
      ["SHA-256", "Jefe", "what do ya want for nothing?", "hex"],
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    // RFC 7636 appendix B
    [
      "pkce_challenge",
      ["dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"],
      "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    ],
  ]));

Deno.test("encodings go both ways beyond Latin letters", () =>
  check([
    ["base64", ["ü?>"], "w7w/Pg=="],
    ["base64url", ["ü?>"], "w7w_Pg"],
    ["base64_decode", ["w7w/Pg=="], "ü?>"],
    ["base64_decode", ["w7w_Pg"], "ü?>"],
    ["unescape_html", ["a&amp;b&lt;&quot;&#39;&#x2F;&apos;&amp;amp;"], "a&b<\"'/'&amp;"],
    ["escape_json", ['a"b\\c\n'], 'a\\"b\\\\c\\n'],
    ["escape_xml", [`a<b>&"c`], "a&lt;b&gt;&amp;&quot;c"],
    ["path_segment", ["a b/c?d@e:f"], "a%20b%2Fc%3Fd@e:f"],
  ]));

const CLAIMS = new TextEncoder().encode('{"exp":4102444800,"sub":"ü"}');
const JWT = `e30.${CLAIMS.toBase64({ alphabet: "base64url", omitPadding: true })}.sig`;

Deno.test("values are found where they stand, and nowhere else", () =>
  check([
    ["at", ['{"a":[1,{"b":"x"}]}', "a", 1, "b"], "x"],
    ["at", ['{"a":[1,{"b":"x"}]}', "a", 0], "1"],
    ["at", ['{"a":true}', "a"], "true"],
    ["at", ['{"a":null}', "a"], undefined],
    ["at", ['{"a":{}}', "a"], undefined],
    ["at", ['{"a":{}}', "a", "b", "c"], undefined],
    ["at", [`)]}',\n{"a":"guarded"}`, "a"], "guarded"],
    ["at", ["<html>", "a"], undefined],
    ["between", ["x = 'one'; x = 'two'", "x = '", "'"], "one"],
    ["between", ["x = 'one", "x = '", "'"], undefined],
    ["between", ["token one", "token ", ""], "one"],
    ["between", ["nothing", "x = '", "'"], undefined],
    ["strip", ["Bearer abc;", "Bearer ", ";"], "abc"],
    ["strip", ["aaa", "aa", "aa"], undefined],
    ["query_param", ["https://a.example/cb?code=a%2Bb&code=c", "code"], "a+b"],
    ["query_param", ["https://a.example/cb", "code"], undefined],
    ["fragment_param", ["https://a.example/#/?access_token=t1&x=2", "access_token"], "t1"],
    ["fragment_param", ["https://a.example/?access_token=t1", "access_token"], undefined],
    ["param_in", ["https://a.example/?q=1#q=2", "q"], "1"],
    ["param_in", ["https://a.example/?p=1#q=2", "q"], "2"],
    ["param_in", ["p=0&q=1", "q"], "1"],
    ["param_in", ["https://a.example/?next=/x?y=1&q=2", "q"], "2"],
    ["param_in", ["https://a.example/#/route?x=1#q=2", "q"], undefined],
    ["jwt_payload", [JWT], '{"exp":4102444800,"sub":"ü"}'],
  ]));

Deno.test("set_cookie_value() is the last value, deletions of other paths aside", () => {
  const lines = (...values: string[]) =>
    response({ headers: values.map((value): [string, string] => ["Set-Cookie", value]) });
  return check([
    ["set_cookie_value", [lines("sid=one; Path=/", "sid=two==; HttpOnly"), "sid"], "two=="],
    ["set_cookie_value", [lines("sid=one; Path=/", "sid=; Path=/old; Max-Age=0"), "sid"], "one"],
    ["set_cookie_value", [lines("xsid=one", "sid2=two"), "sid"], undefined],
    ["set_cookie_value", [lines(" sid = spaced ; Path=/"), "sid"], "spaced"],
  ]);
});

Deno.test("location_of() makes redirects absolute, and says when there is none", () => {
  const redirect = (target: string) => response({ status: 302, headers: [["Location", target]] });
  assert.throws(() => code["location_of"]!(response() as never), /redirects nowhere/);
  return check([
    ["location_of", [redirect("/home?x=1#y")], "https://a.example/home?x=1#y"],
    ["location_of", [redirect("//b.example/")], "https://b.example/"],
    ["location_of", [redirect("next")], "https://a.example/next"],
  ]);
});

Deno.test("seconds_left() counts to the end of a JWT, never below nothing", () => {
  const left = Number(code["seconds_left"]!(JWT as never));
  assert.ok(Math.abs(left - (4_102_444_800 - Date.now() / 1000)) < 5);
  const past = `e30.${btoa('{"exp":1}')}.sig`;
  assert.equal(code["seconds_left"]!(past as never), 0);
});

Deno.test("random_text() draws from its alphabet, differently each time", () => {
  const draw = () => String(code["random_text"]!(...[40, "abc"] as never[]));
  assert.match(draw(), /^[abc]{40}$/);
  assert.notEqual(draw(), draw());
});

Deno.test("cookies_for() joins the cookies of several paths, each name once", () => {
  const jar: Record<string, { name: string; value: string }[]> = {
    "https://a.example/": [{ name: "sid", value: "1" }],
    "https://a.example/api": [{ name: "sid", value: "1" }, { name: "api", value: "2" }],
  };
  const session = { cookies: (url: string) => jar[url] ?? [] };
  return check([["cookies_for", [session, Object.keys(jar)], "sid=1; api=2"]]);
});

/** What a call throws: nothing, a refusal of the credentials, or an error of the script. */
function verdict(name: string, ...args: readonly unknown[]): string {
  try {
    code[name]!(...args as never[]);
    return "fine";
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.name === "CredentialsRefused" ? `refused: ${error.message}` : error.message;
  }
}

Deno.test("answers to the credentials are told apart: accepted, refused, locked, broken", () => {
  const wrong = "refused: The site refused the credentials (status 401)";
  const locked = (status: number) =>
    `refused: The account is locked or refused for now (status ${status})`;
  const accepted = (status: number, text: string, recorded = 200) =>
    verdict("expect_accepted", response({ status }), text, recorded, "t_0002");
  assert.equal(accepted(200, ""), "fine");
  assert.equal(accepted(201, ""), "fine");
  assert.equal(accepted(401, "wrong password"), wrong);
  assert.equal(accepted(403, "Your account is locked"), locked(403));
  assert.match(accepted(429, "locked"), /^refused: .*no more requests for now \(status 429\)$/);
  assert.equal(accepted(423, ""), locked(423));
  assert.match(accepted(503, ""), /^t_0002: the site failed with status 503$/);
  assert.match(accepted(404, ""), /^t_0002: expected status 200, the site answered 404$/);
  const page = `<input type="password" name="p">`;
  assert.match(verdict("expect_no_password_form", response(), page), /^refused: /);
  assert.equal(verdict("expect_no_password_form", response(), "<p>hi"), "fine");
  const text = '{"error":"invalid credentials"}';
  assert.match(verdict("found_or_refused", undefined, "token", text, 200), /^refused: /);
  assert.equal(
    verdict("found_or_refused", undefined, "token", "{}", 200),
    "The answer holds no token",
  );
  assert.equal(verdict("found", "", "token"), "The answer holds no token");
});

Deno.test("expect_redirect() knows the way back to the login from any other way", () => {
  const to = (target: string, ...pages: string[]) => {
    const answer = response({ status: 302, headers: [["Location", target]] });
    return verdict("expect_redirect", answer, "/home", ...pages);
  };
  assert.equal(to("/home?welcome"), "fine");
  assert.equal(to("/users/7"), "fine");
  assert.match(to("/login"), /^refused: /);
  assert.match(to("/x?error=1"), /^refused: /);
  assert.equal(to("/start/7f?e=1"), "fine");
  assert.match(
    to("/start/7f?e=1", "https://a.example/", "https://a.example/start/7f"),
    /^refused: /,
  );
  assert.equal(to("/home", "https://a.example/home"), "fine");
});

Deno.test("expect_cookie() takes an answer without the session's cookie for a refusal", () => {
  const set = response({ headers: [["Set-Cookie", "sid=1"]] });
  assert.equal(verdict("expect_cookie", set, "", "sid"), "fine");
  assert.match(verdict("expect_cookie", response(), "", "sid"), /^refused: /);
});

Deno.test("withNeeds() brings what a snippet calls and what that calls, and knows every name", () => {
  const names = (of: string) => withNeeds(new Set([of])).map(({ name }) => name);
  assert.deepEqual(names("seconds_left"), ["at", "jwt_payload", "seconds_left", "base64_decode"]);
  assert.deepEqual(names("found_or_refused"), [
    "refuse",
    "explain_refusal",
    "found",
    "found_or_refused",
  ]);
  assert.throws(() => withNeeds(new Set(["nothing"])), /no snippet "nothing"/);
});

Deno.test("encoded_form() writes what formPairs() reads in that encoding, and what browsers write", async () => {
  const pairs = [["имя", "Ёлка & <b>=+%"], ["pass word", "~*-._é€ß漢字かな한글"], [
    "",
    "\u{1f98a}",
  ]];
  for (
    const charset of [
      "windows-1251",
      "koi8-r",
      "iso-8859-2",
      "shift_jis",
      "euc-jp",
      "gbk",
      "euc-kr",
      "big5",
    ]
  ) {
    const form = await code["encoded_form"]!(charset as never, pairs as never) as string;
    assert.match(form, /^[\w%&=+*.-]*$/, charset);
    assert.deepEqual(formPairs(form, charset), pairs, charset);
  }
  await check([["encoded_form", ["windows-1251", [["a b", "Ю~"]]], "a+b=%DE%7E"]]);
});
