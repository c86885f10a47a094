import assert from "node:assert/strict";
import fc from "fast-check";
import { Uses } from "../../lib/codec/code.ts";
import type { OpenerCodec } from "../../lib/codec/codec.ts";
import {
  type Opener,
  openerCodec,
  OPENERS,
  openersTo,
  putOpened,
  takeOpened,
  writeOpened,
} from "../../lib/codec/openers.ts";
import { escapeXml } from "../../lib/http/xml.ts";
import { base64Encode, base64UrlEncode } from "../../lib/http/base64.ts";
import { anyText, anyValue, runnable, token } from "./values.ts";

/** Texts that hold a value in the way of one kind; a new kind needs one. */
const HOLDS: { readonly [K in Opener["kind"]]: readonly ((value: string) => string)[] } = {
  "json": [
    (value) => JSON.stringify({ a: [1, true, { "k.\"'": value }], b: "x" }),
    (value) => `)]}',\n${JSON.stringify([value, value])}`,
    (value) => `{"n":${/^[1-9]\d{0,9}$/.test(value) ? value : JSON.stringify(value)},"n2":false}`,
  ],
  "xml": [
    (value) => `<r><s:id v="1"> ${escapeXml(value)}</s:id><id>2</id></r>`,
    (value) => `<?xml version="1.0"?><session id="${escapeXml(value)}"/>`,
  ],
  "param": [
    (value) => `https://a.example/cb?x=1&${new URLSearchParams({ v: value })}&v=2#v=3`,
    (value) => `https://a.example/?x=1#${new URLSearchParams({ v: value })}`,
    (value) => `https://a.example/?x=1#/?${new URLSearchParams({ v: value, x: "2" })}`,
    (value) => `/start#!/route/to?y=1&${new URLSearchParams({ v: value })}`,
    (value) => `#/route?${new URLSearchParams({ "ä b": value })}`,
    (value) => `a=1&${new URLSearchParams({ v: value })}&w=%41`,
  ],
  "url-decode": [
    (value) => encodeURIComponent(value),
    (value) => `%41${encodeURIComponent(value)}`,
  ],
  "jwt-payload": [
    (value) =>
      `${base64UrlEncode('{"alg":"none"}')}.${base64UrlEncode(JSON.stringify({ value }))}.c2ln`,
  ],
  "base64-decode": [base64Encode, base64UrlEncode],
  "hex-decode": [
    (value) =>
      [...new TextEncoder().encode(value)].map((byte) => byte.toString(16).padStart(2, "0")).join(
        "",
      ),
  ],
  "json-unescape": [(value) => JSON.stringify(`\n${value}`).slice(1, -1)],
  "script-unescape": [
    (value) => `\\x2D${JSON.stringify(value).slice(1, -1).replaceAll("'", "\\'")}`,
  ],
  "html-unescape": [(value) => `${value}&amp;&#x2F;&quot;&nbsp;&#1114112;`],
  "strip": [(value) => `Bearer ${value}`, (value) => `/reset/${value}/confirm`, (value) => value],
};

const kinds = Object.keys(OPENERS) as Opener["kind"][];

function held(kind: Opener["kind"]): fc.Arbitrary<readonly [text: string, value: string]> {
  return fc.tuple(fc.constantFrom(...HOLDS[kind]), anyValue).map(([wrap, value]) =>
    [wrap(value), value] as const
  );
}

for (const kind of kinds) {
  const codec = openerCodec(kind);

  Deno.test(`${kind}: find, then take is the identity`, () => {
    let found = 0;
    fc.assert(
      fc.property(held(kind), ([text, value]) => {
        for (const [opener, inside] of codec.find(text, value)) {
          found++;
          assert.equal(codec.take(opener, text), inside);
        }
      }),
      { numRuns: 200 },
    );
    assert.ok(found > 20, `${kind} found ${found}`);
  });

  Deno.test(`${kind}: what is put in is found and taken`, () => {
    let put = 0;
    fc.assert(
      fc.property(held(kind), anyValue, ([text, value], fresh) => {
        for (const [opener] of codec.find(text, value)) {
          const changed = putOpened([opener], text, fresh);
          if (changed === undefined) continue;
          put++;
          assert.equal(codec.take(opener, changed), fresh);
        }
      }),
      { numRuns: 200 },
    );
    assert.ok(put > 20, `${kind} put ${put}`);
  });

  Deno.test(`${kind}: foreign text yields what is taken again`, () => {
    for (
      const unit of [
        "a",
        "&",
        "%41",
        "=&",
        "\\u0041",
        "&#65;",
        "[",
        '{"a":',
        "?#",
        "eyJ",
        "1.",
        "<a ",
        "<a>",
        "<!--",
      ]
    ) {
      const text = unit.repeat(40_000);
      for (const [opener, inside] of codec.find(text, "k9Xw2QzL7")) {
        assert.equal(codec.take(opener, text), inside);
        break;
      }
    }
  });
}

Deno.test("the written code opens what take opens", async () => {
  const uses = new Uses();
  const samples = kinds.flatMap((kind) =>
    fc.sample(held(kind), { numRuns: 60, seed: 7 }).flatMap(([text, value]) => {
      const [first] = openerCodec(kind).find(text, value);
      return first === undefined ? [] : [{ opener: first[0], inside: first[1], text }];
    })
  );
  const codes = samples.map(({ opener }) => writeOpened([opener], "text", uses));
  const functions = await runnable("text: string", codes, uses);
  for (const [index, { inside, text }] of samples.entries()) {
    assert.equal(await functions[index]!(text), inside, codes[index]);
  }
});

Deno.test("openersTo() opens up to four layers of any encoding to exactly the value", () => {
  const wraps = kinds.filter((kind) => kind !== "strip" && kind !== "html-unescape")
    .flatMap((kind) => HOLDS[kind]);
  let found = 0;
  fc.assert(
    fc.property(token, fc.array(fc.constantFrom(...wraps), { maxLength: 3 }), (value, layers) => {
      const text = layers.reduce((inner, wrap) => wrap(inner), value);
      const openers = openersTo(text, value);
      if (openers === null) return;
      found++;
      assert.equal(takeOpened(openers, text), value);
      const fresh = "Zz9-fresh.value/8~1";
      const changed = putOpened(openers, text, fresh);
      if (changed !== undefined) assert.equal(takeOpened(openers, changed), fresh);
    }),
    { numRuns: 300 },
  );
  assert.ok(found > 150, `${found} found`);
});

/** UTF-16 units of all texts that the openers come to while `search` runs. */
function opened(search: () => void): number {
  let units = 0;
  const codecs = Object.values(OPENERS) as OpenerCodec<Opener>[];
  const finds = codecs.map(({ find }) => find);
  for (const [index, codec] of codecs.entries()) {
    codec.find = function* (text, value) {
      for (const way of finds[index]!(text, value)) {
        units += way[1].length;
        yield way;
      }
    };
  }
  try {
    search();
  } finally {
    codecs.forEach((codec, index) => codec.find = finds[index]!);
  }
  return units;
}

Deno.test("openersTo() gives up on text that opens into more text again and again", () => {
  let text = "x=1&y=%2541";
  for (let layer = 0; layer < 8; layer++) {
    text = JSON.stringify({ a: text, b: base64Encode(text), c: encodeURIComponent(text) });
    if (text.length > 300_000) break;
  }
  const units = opened(() => assert.equal(openersTo(text, "k9Xw2QzL7-not-there"), null));
  assert.ok(units > 3_000_000 && units < 5_000_000, `${units} units`);
});

Deno.test("openersTo() reads a fragment that holds a route, alone and inside an encoded address", () => {
  const value = "k9Xw2QzL7aB";
  for (
    const address of ["#/?token=", "#/route?token=", "#!/a/b?x=1&token=", "#token=", "#/token="]
  ) {
    const url = `https://app.example/home?tab=1${address}${value}&next=2`;
    assert.deepEqual(openersTo(url, value), [{ kind: "param", name: "token" }], url);
    assert.equal(
      putOpened([{ kind: "param", name: "token" }], url, "new/1"),
      url.replace(value, "new%2F1"),
    );
    const nested = `/go?${new URLSearchParams({ to: url })}`;
    assert.deepEqual(
      openersTo(nested, value),
      [{ kind: "param", name: "to" }, { kind: "param", name: "token" }],
      nested,
    );
  }
});

Deno.test("take() answers undefined for text of another kind, and never throws", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const ways: Opener[] = [
        { kind: "json", path: ["a", 0] },
        { kind: "param", name: "v" },
        { kind: "strip", prefix: "Bearer ", suffix: "" },
        ...kinds.filter((kind) => !/^(json|param|strip)$/.test(kind)).map((kind) => ({ kind })),
      ] as Opener[];
      for (const opener of ways) takeOpened([opener], text);
    }),
    { numRuns: 300 },
  );
});
