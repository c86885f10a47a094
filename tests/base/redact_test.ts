import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeForeignText } from "../../lib/base/foreign_text.ts";
import { Redactor } from "../../lib/base/redact.ts";

const SECRET = "P&s/w+rd=<'x'>";

Deno.test("Redactor masks a secret however an encoder writes its marks", () => {
  const redactor = new Redactor();
  redactor.add(SECRET);
  const json = JSON.stringify(SECRET).slice(1, -1);
  const code = (mark: string) => mark.charCodeAt(0).toString(16);
  for (
    const text of [
      SECRET,
      encodeURIComponent(SECRET).replace(/%../g, (octet) => octet.toLowerCase()),
      json.replaceAll("/", "\\/"),
      json.replace(/[&<>'+/=]/g, (mark) => `\\u00${code(mark)}`),
      json.replace(/[&<>'+/=]/g, (mark) => `\\u00${code(mark).toUpperCase()}`),
      SECRET.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
        .replaceAll("'", "&#39;"),
      SECRET.replace(/[&<>'+/=]/g, (mark) => `&#${mark.charCodeAt(0)};`),
    ]
  ) {
    assert.equal(redactor.redact(`a ${text} b`), "a ‹secret› b", text);
  }
});

Deno.test("Redactor masks all of what is base64 and holds a secret, whatever stands around it", () => {
  for (const secret of ["pa55", "hunter2", "correct horse battery", "pä55wörd", 'q"u&o/t+e']) {
    const redactor = new Redactor();
    redactor.add(secret);
    const base64 = (text: string) => new TextEncoder().encode(text).toBase64();
    for (const user of ["", "a", "al", "bob", "anna", "alice@example.com"]) {
      for (
        const inner of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
      ) {
        const basic = base64(`${user}:${inner}`);
        const url = basic.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
        const jwt = `eyJhbGciOiJIUzI1NiJ9.${base64(JSON.stringify({ user, secret }))}.c2lnbmF0dXJl`;
        const texts = [
          `Basic ${basic}`,
          `/files/${basic}/x`,
          `token=${encodeURIComponent(basic)}&a=1`,
          `"${basic.replaceAll("/", "\\/")}"`,
          `x ${url} y`,
          jwt,
        ];
        for (const text of texts) {
          const shown = redactor.redact(text);
          assert.match(shown, /‹secret›/, text);
          const rest = shown.split(/[^\w+/=-]+/).filter((part) => part.length >= 6).join(" ");
          assert.ok(!rest.includes(basic.slice(0, 6)) && !rest.includes(basic.slice(-6)), shown);
        }
      }
    }
  }
});

Deno.test("Redactor masks what encoders of JSON escape within base64 and a JWT", () => {
  const ascii = /[\u0080-\uffff]/g;
  const encoders: Record<string, RegExp> = {
    Python: ascii,
    Go: /[<>&]/g,
    PHP: /[\u0080-\uffff/]/g,
  };
  for (const secret of ["密码パス42", "päss/w+rd&1", 'a"b\\c"dé', "pass<w+rd>&1"]) {
    const redactor = new Redactor();
    redactor.add(secret);
    for (const [name, escaped] of Object.entries(encoders)) {
      const json = JSON.stringify({ sub: secret }).replace(
        escaped,
        (one) => one === "/" ? "\\/" : `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
      const base64 = new TextEncoder().encode(json).toBase64({ alphabet: "base64url" });
      const jwt = `eyJhbGciOiJIUzI1NiJ9.${base64.replaceAll("=", "")}.c2lnbmF0dXJl`;
      for (const text of [`a ${base64} b`, `a ${jwt} b`]) {
        assert.match(redactor.redact(text), /‹secret›/, `${secret} of ${name}`);
      }
    }
  }
});

Deno.test("Redactor masks a secret with any of its characters escaped, once or again", () => {
  const secret = "Zx9-hünter2!Pa$$";
  const redactor = new Redactor();
  redactor.add(secret);
  const all = (write: (code: number) => string) =>
    [...secret].map((character) => write(character.codePointAt(0)!)).join("");
  const octets = [...new TextEncoder().encode(secret)].map((octet) => `%${octet.toString(16)}`);
  const hex = (code: number) => code.toString(16);
  const forms = [
    octets.join(""),
    octets.join("").toUpperCase(),
    all((code) => `\\u${hex(code).padStart(4, "0")}`),
    all((code) => `\\u{${hex(code)}}`),
    all((code) => `\\x${hex(code).padStart(2, "0")}`),
    all((code) => `&#${code};`),
    all((code) => `&#x${hex(code)};`),
    JSON.stringify(secret).replaceAll("$", "\\u0024"),
    secret.replaceAll("$", "\\$"),
    encodeURIComponent(encodeURIComponent(secret)),
    JSON.stringify(encodeURIComponent(encodeURIComponent(`"${secret}"`))),
    encodeURIComponent(btoa("user:Zx9").slice(0, 4) + octets.join("")),
  ];
  for (const form of forms) {
    assert.equal(
      redactor.redact(`é%41 ${form} &#65;`).replace(/ .*‹secret›.* /, " - "),
      "é%41 - &#65;",
      form,
    );
    assert.ok(redactor.redact(`ab ${form} cd`).length < 60, form);
  }
  const other = "100 %25 \\u00e9 &#228; \\\\ %zz &#99999999; %f";
  assert.equal(redactor.redact(other), other);
});

Deno.test("Redactor looks through base64 of any length", () => {
  const redactor = new Redactor();
  redactor.add("correct-horse-battery");
  const secret = btoa("user:correct-horse-battery");
  const filler = "QUJD".repeat(2_400_000);
  assert.equal(redactor.redact(filler), filler);
  assert.ok(!redactor.redact(`${filler}${secret}`).includes(secret));
});

Deno.test("Redactor leaves base64 alone that holds no secret", () => {
  const redactor = new Redactor();
  redactor.add("hunter2");
  const bytes = Uint8Array.from({ length: 20_000 }, (_, at) => (at * 7919) % 251);
  for (
    const text of [bytes.toBase64(), btoa("user:hunter3"), "/a/b/c/hunt/er2", "plain words only"]
  ) {
    assert.equal(redactor.redact(text), text);
  }
});

Deno.test("Redactor masks hexadecimal, overlapping secrets whole, and short ones where they are all", () => {
  const redactor = new Redactor();
  for (const secret of ["abcdef", "defghi", "aaaa", "12", "7"]) redactor.add(secret);
  const hex = new TextEncoder().encode("abcdef").toHex();
  const cases: [string, string][] = [
    [`x${hex}y ${hex.toUpperCase()}`, "x‹secret›y ‹secret›"],
    ["-abcdefghi-", "-‹secret›-"],
    ["-aaaaaa-", "-‹secret›-"],
    ["abcdefabcdef", "‹secret›‹secret›"],
    ["12", "‹secret›"],
    ["7", "‹secret›"],
    ["12 of 7", "12 of 7"],
  ];
  for (const [text, shown] of cases) assert.equal(redactor.redact(text), shown);
});

Deno.test("Redactor masks a secret that was escaped for a terminal first", () => {
  const redactor = new Redactor();
  const secret = "fam\u{1f468}\u200d\u{1f469}ily";
  redactor.add(secret);
  assert.equal(redactor.redact(`no: ${escapeForeignText(secret)}`), "no: ‹secret›");
});

Deno.test("Redactor takes half characters", () => {
  const redactor = new Redactor();
  redactor.add("pa\ud800ssword");
  assert.equal(redactor.redact("pa\ud800ssword"), "‹secret›");
});

Deno.test("Redactor masks the same among many secrets as among few", () => {
  const others = Array.from({ length: 20 }, (_, at) => `no-token-of-this-text-${at}`);
  const piece = fc.string({ unit: fc.constantFrom(..."ab", "é", '"', "%"), maxLength: 12 });
  const wrapped = fc.constantFrom(
    (text: string) => text,
    encodeURIComponent,
    (text: string) => new TextEncoder().encode(`user:${text}`).toBase64(),
    (text: string) => JSON.stringify(text),
  );
  const property = fc.property(
    fc.array(piece, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(piece, wrapped, fc.nat()), { maxLength: 5 }),
    (secrets, parts) => {
      const [few, crowd] = [new Redactor(), new Redactor()];
      for (const secret of secrets) few.add(secret);
      for (const secret of [...others, ...secrets]) crowd.add(secret);
      const text = parts.map(([own, wrap, at]) => own + wrap(secrets[at % secrets.length]!)).join(
        "",
      );
      assert.equal(crowd.redact(text), few.redact(text));
    },
  );
  fc.assert(property);
  const crowd = new Redactor();
  for (const secret of [...others, SECRET, "abcdef", "defghi", "aaaa"]) crowd.add(secret);
  const text = `-abcdefghi- aaaaaa ${btoa(`x:${SECRET}`)} ${encodeURIComponent(SECRET)} ${SECRET}`;
  assert.equal(crowd.redact(text), "-‹secret›- ‹secret› ‹secret› ‹secret› ‹secret›");
});

Deno.test("Redactor masks what lasts, and of what passes the values that were used last", () => {
  // Each is a form of another: in hexadecimal, in base64, as a URL has it.
  const values = [
    "k&y-1",
    "6b26792d31",
    "ayZ5LTE=",
    "k%26y-1",
    "a b/c",
    "a%20b%2Fc",
    "wxyz",
    "token-2",
  ];
  const step = fc.record({ value: fc.constantFrom(...values), lasts: fc.boolean() });
  const property = fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const redactor = new Redactor(3);
    const lasting = new Set<string>();
    const used = new Set<string>();
    for (const { value, lasts } of steps) {
      if (lasts) redactor.add(value);
      else redactor.addPassing(value);
      used.delete(value);
      if (lasts) lasting.add(value);
      else if (!lasting.has(value)) used.add(value);
      if (used.size > 3) used.delete([...used][0]!);
      for (const one of [...lasting, ...used]) {
        for (const text of [one, btoa(one)]) {
          assert.equal(redactor.redact(`(${text})`), "(‹secret›)", one);
        }
      }
    }
  });
  fc.assert(property);
  const redactor = new Redactor(3);
  redactor.add("lasting-secret");
  for (let at = 1; at <= 50; at++) {
    redactor.addPassing(`token-${at}-of-many`);
    redactor.addPassing("token-in-use");
    assert.equal(redactor.redact(`token-${at}-of-many`), "‹secret›");
  }
  const encoded = btoa("token-in-use");
  assert.equal(redactor.redact(`token-in-use ${encoded}`), "‹secret› ‹secret›");
  assert.equal(redactor.redact("lasting-secret"), "‹secret›");
  assert.equal(redactor.redact("token-47-of-many"), "token-47-of-many");
});
