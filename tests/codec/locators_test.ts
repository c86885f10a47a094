import assert from "node:assert/strict";
import fc from "fast-check";
import { AnswerView } from "../../lib/codec/answer_view.ts";
import { Uses } from "../../lib/codec/code.ts";
import { type Locator, locatorCodec, LOCATORS, putLocated } from "../../lib/codec/locators.ts";
import { type Place, placeOf, putInto, takeFrom, writePlace } from "../../lib/codec/place.ts";
import type { HttpResponse } from "../../lib/http/exchange.ts";
import { escapeXml } from "../../lib/http/xml.ts";
import { base64Encode } from "../../lib/http/base64.ts";
import { anyText, anyValue, runnable, token } from "./values.ts";

const URL_OF_PAGE = "https://app.example/account/login?next=%2F";

type Head = [name: string, value: string][];

function answer(body: string, headers: Head, status = 200): HttpResponse {
  return { status, headers, body: new TextEncoder().encode(body) };
}

function view(response: HttpResponse): AnswerView {
  return new AnswerView(response, URL_OF_PAGE);
}

function page(html: string): HttpResponse {
  return answer(`<!doctype html><title>x</title>${html}`, [["Content-Type", "text/html"]]);
}

function redirect(target: string): HttpResponse {
  return answer("", [["Location", target]], 302);
}

const escaped = (value: string) =>
  value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

const cdata = (value: string) => value.replaceAll("]]>", "]]]]><![CDATA[>");

function xml(text: string): HttpResponse {
  const declared = `<?xml version="1.0" encoding="utf-8"?>\n${text}`;
  return answer(declared, [["Content-Type", "application/soap+xml; charset=utf-8"]]);
}

/** Answers that hold a value at one kind of place; a new kind needs one. */
const HOLDS: { readonly [K in Locator["kind"]]: readonly ((value: string) => HttpResponse)[] } = {
  "cookie": [
    (value) =>
      answer("", [["Set-Cookie", "sid=old; Path=/"], ["Set-Cookie", `sid=${value}; HttpOnly`], [
        "set-cookie",
        "sid=; Max-Age=0; Path=/old",
      ], ["Set-Cookie", "other=1"]]),
  ],
  "header": [
    (value) => answer("", [["X-Token", value]]),
    (value) => answer("", [["X-Many", "first"], ["x-many", value]]),
  ],
  "location": [(value) => redirect(`/next/${encodeURIComponent(value)}`)],
  "location-param": [
    (value) => redirect(`/cb?a=1&${new URLSearchParams({ v: value })}&v=2#v=3`),
    (value) => redirect(`https://b.example/#${new URLSearchParams({ v: value })}`),
    (value) => redirect(`/app#/route?${new URLSearchParams({ v: value, next: "/x" })}`),
    (value) => redirect(`/?v=1#!/a?${new URLSearchParams({ w: value })}`),
  ],
  "json": [
    (value) =>
      answer(JSON.stringify({ a: { "b.c": [null, 7, value, value] }, ok: true }), [
        ["Content-Type", "application/json"],
      ]),
    (value) => answer(`)]}',\n${JSON.stringify([{ value }])}`, [["Content-Type", "text/plain"]]),
  ],
  "xml": [
    (value) =>
      xml(`<a:One xmlns:a="urn:x"><b>0</b><b c='2'>\n  ${escapeXml(value)}\n </b></a:One>`),
    (value) =>
      xml(`<!-- <sid>no</sid> --><r><sid kind="x"><![CDATA[${cdata(value)}]]></sid><e/></r>`),
    (value) => xml(`<s:E><s:H id="${escapeXml(value)}" s:mustUnderstand = '1'/></s:E>`),
    (value) =>
      xml(
        `<methodResponse><params><param><value><struct><member><name>n</name><value>1</value></member>
        <member> <name>sid</name><value><string>${escapeXml(value)}</string></value></member>
        </struct></value></param></params></methodResponse>`,
      ),
  ],
  "form-field": [(value) =>
    page(`<form><input name=other value=1></form><form action=/go>
      <input type=hidden name="t" value="${escaped(value)}"><input name=t value=second></form>`)],
  "field-at": [
    (value) =>
      page(`<form><input type=text name=q></form><form><input type=hidden name="${escaped(value)}"
      value=1><input type=hidden name=b value="${escaped(value)}"></form>`),
  ],
  "form-action": [(value) =>
    page(
      `<base href="/b/"><form></form><form action="go?${
        escaped(String(new URLSearchParams({ v: value })))
      }"></form>`,
    )],
  "meta": [
    (value) =>
      page(`<meta name="csrf-token" content="${escaped(value)}"><meta name=csrf-token content=x>`),
  ],
  "attribute": [
    (value) => page(`<div id="a"></div><div id="b" data-t="${escaped(value)}"></div>`),
    (value) => page(`<body data-t="${escaped(value)}"><body data-t=2>`),
  ],
  "body": [(value) => answer(` ${value}\n`, [["Content-Type", "text/plain"]])],
  "between": [
    (value) => page(`<script>var one = "x"; var csrfToken = "${value}";</script>`),
    (value) => page(`<script>var config = ${JSON.stringify({ a: 1, csrf: value })};</script>`),
  ],
};

const kinds = Object.keys(LOCATORS) as Locator["kind"][];

/** What may stand in the head of an answer: visible ASCII, and neither end a space (RFC 9110 section 5.5). */
function fits(kind: Locator["kind"], value: string): boolean {
  if (kind === "cookie") return /^[!#-+\--:<-[\]-~]*$/.test(value);
  return kind !== "header" || /^[!-~]([ -~]*[!-~])?$/.test(value);
}

function held(
  kind: Locator["kind"],
): fc.Arbitrary<readonly [response: HttpResponse, value: string]> {
  return fc.tuple(fc.constantFrom(...HOLDS[kind]), anyValue)
    .filter(([, value]) => fits(kind, value))
    .map(([wrap, value]) => [wrap(value), value] as const);
}

for (const kind of kinds) {
  const codec = locatorCodec(kind);

  Deno.test(`${kind}: find, then take is the identity`, () => {
    let found = 0;
    fc.assert(
      fc.property(held(kind), ([response, value]) => {
        for (const [locator, text] of codec.find(view(response), value)) {
          found++;
          assert.equal(codec.take(locator, view(response)), text);
        }
      }),
      { numRuns: 150 },
    );
    assert.ok(found > 20, `${kind} found ${found}`);
  });

  Deno.test(`${kind}: what is put in is found and taken`, () => {
    let put = 0;
    const fresh = fc.oneof(token, anyText).filter((value) => fits(kind, value));
    fc.assert(
      fc.property(held(kind), fresh, ([response, value], text) => {
        const isAddress = kind === "location" || kind === "form-action";
        const fresh = isAddress ? `https://b.example/${encodeURIComponent(text)}` : text;
        for (const [locator] of codec.find(view(response), value)) {
          const changed = putLocated(locator, view(response), fresh);
          if (changed === undefined) continue;
          put++;
          assert.equal(codec.take(locator, view(changed)), fresh);
        }
      }),
      { numRuns: codec.readsBody ? 60 : 100 },
    );
    assert.ok(put > 15, `${put} put`);
  });

  Deno.test(`${kind}: a token there is found, and a fresh one can be put in its place`, () => {
    fc.assert(
      fc.property(fc.constantFrom(...HOLDS[kind]), token, token, (wrap, value, text) => {
        // `a/./b` is another path as soon as it stands in an address (WHATWG URL section 4.4).
        const fresh = kind === "location" ? text.replaceAll("/", "_") : text;
        const response = wrap(value);
        const place = placeOf(view(response), value);
        assert.ok(place !== null, `${kind} of ${value}`);
        assert.equal(takeFrom(place, view(response)), value);
        const changed = putInto(place, view(response), fresh);
        assert.ok(changed !== undefined, `${fresh} put into ${JSON.stringify(place)}`);
        assert.equal(takeFrom(place, view(changed)), fresh);
      }),
      { numRuns: 40 },
    );
  });
}

Deno.test("placeOf() answers no place that does not yield exactly the value", () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds).chain(held), ([response, value]) => {
      const place = placeOf(view(response), value);
      if (place !== null) assert.equal(takeFrom(place, view(response)), value);
    }),
    { numRuns: 400 },
  );
  const tooLong = answer(`{"id":12345678901234567890}`, [["Content-Type", "application/json"]]);
  assert.equal(placeOf(view(tooLong), "12345678901234567890")?.locator.kind, "between");
});

Deno.test("the written code takes from an answer what takeFrom() takes", async () => {
  const uses = new Uses();
  const samples = kinds.flatMap((kind) =>
    fc.sample(held(kind), { numRuns: 40, seed: 11 }).flatMap(([response, value]) => {
      const [found] = locatorCodec(kind).find(view(response), value);
      const place = placeOf(view(response), value);
      const places: Place[] = found === undefined ? [] : [{ locator: found[0], openers: [] }];
      return [...places, ...place === null ? [] : [place]].map((place) => ({ response, place }));
    })
  );
  const codes = samples.map(({ place }) => writePlace(place, "s1", uses));
  const functions = await runnable("s1: Response, s1_text: string", codes, uses);
  for (const [index, { response, place }] of samples.entries()) {
    const headers = new Headers(response.headers.map(([name, value]): Head[0] => [name, value]));
    const given = new Response(null, { headers });
    Object.defineProperty(given, "url", { value: URL_OF_PAGE });
    const text = new TextDecoder().decode(response.body!);
    const taken = await functions[index]!(given, text);
    assert.equal(taken, takeFrom(place, view(response)), codes[index]);
  }
});

Deno.test("a token in an address is taken alike from redirects and from bodies", () => {
  const value = "k9Xw2QzL7aB4";
  const addresses = ["#/?token=", "#/route?token=", "#!/route?x=1&token=", "#token="];
  for (const before of addresses) {
    const url = `https://app.example/done${before}${value}&next=1`;
    assert.deepEqual(placeOf(view(redirect(url)), value), {
      locator: { kind: "location-param", part: "fragment", name: "token" },
      openers: [],
    });
    const json = answer(JSON.stringify({ next: url }), [["Content-Type", "application/json"]]);
    const place: Place = {
      locator: { kind: "json", path: ["next"] },
      openers: [{ kind: "param", name: "token" }],
    };
    assert.deepEqual(placeOf(view(json), value), place);
    assert.equal(takeFrom(place, view(putInto(place, view(json), "n+1&")!)), "n+1&");
  }
});

Deno.test("a made-up page is asked for a field by name, since its forms were not seen", () => {
  const response = page(`<form><input name=t value="k9Xw2QzL7"></form>`);
  const made = new AnswerView(response, URL_OF_PAGE, () => true);
  assert.deepEqual(placeOf(made, "k9Xw2QzL7")?.locator, {
    kind: "form-field",
    form: null,
    name: "t",
  });
});

Deno.test("find() does not throw on foreign answers", () => {
  const bodies = [
    "[".repeat(50_000),
    `{"a":`.repeat(5_000) + "1" + "}".repeat(5_000),
    "<form><input name=a value=b>".repeat(5_000),
    "token=".repeat(20_000),
    base64Encode("x".repeat(100_000)),
    "\\".repeat(100_000),
    "&".repeat(100_000),
  ];
  for (const type of ["application/json", "text/html", "text/plain", ""]) {
    for (const body of bodies) {
      const seen = view(answer(body, [["Content-Type", type]]));
      assert.equal(placeOf(seen, "k9Xw2QzL7-nowhere"), null);
    }
  }
});
