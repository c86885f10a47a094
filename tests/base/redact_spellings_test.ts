import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { MASK, Redactor } from "../../lib/base/redact.ts";

const octets = (text: string) => [...Buffer.from(text)];
const hex = (text: string) => octets(text).map((octet) => octet.toString(16).padStart(2, "0"));
const quoted = (text: string) => hex(text).map((octet) => `=${octet.toUpperCase()}`);
const utf16 = (text: string) => Buffer.from(text, "utf16le");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const lines = (text: string, length: number, end: string) =>
  text.replace(new RegExp(`(.{${length}})(?=.)`, "g"), `$1${end}`);

function words(coding: "B" | "Q", encode: (half: string) => string) {
  return (text: string) => {
    const letters = [...text];
    const half = Math.ceil(letters.length / 2);
    return [letters.slice(0, half), letters.slice(half)]
      .map((part) => `=?utf-8?${coding}?${encode(part.join(""))}?=`).join("\r\n ");
  };
}

function entities(text: string): string {
  const named: Readonly<Record<string, string>> = { "&": "&amp;", "/": "&sol;", "=": "&equals;" };
  return [...text].map((letter, at) => {
    const code = letter.codePointAt(0)!;
    const forms = [`&#${code};`, `&#x${code.toString(16).padStart(9, "0")};`, `&#${code}`];
    return named[letter] ?? forms[at % 3]!;
  }).join("");
}

const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  backwards: (text) => [...text].reverse().join(""),
  "UTF-16, read as bytes": (text) => utf16(text).toString("latin1"),
  "UTF-16, shown": (text) => [...text].join("\\u0000"),
  "UTF-16 in base64": (text) => Buffer.from(`ab${text}c`, "utf16le").toString("base64"),
  "UTF-16, other order, in base64": (text) => utf16(`c${text}`).swap16().toString("base64"),
  "UTF-16 in hexadecimal": (text) => utf16(text).toString("hex"),
  "quoted-printable": (text) => lines(quoted(`before ${text}`).join(""), 30, "=\r\n"),
  "encoded words Q": words("Q", (half) => quoted(half).join("").replaceAll("=20", "_")),
  "encoded words B": words("B", base64),
  "base64 in lines": (text) => lines(base64(`user:${text} and so on and on`), 20, "\r\n"),
  "base64 in lines, as JSON": (text) => JSON.stringify(lines(base64(`x:${text}`), 16, "\n")),
  "percent, twice": (text) => hex(text).map((octet) => `%25${octet}`).join(""),
  octal: (text) => octets(text).map((octet) => `\\${octet.toString(8).padStart(3, "0")}`).join(""),
  "hexadecimal apart": (text) => hex(text).join(" "),
  "hexadecimal with colons": (text) => hex(text).join(":").toUpperCase(),
  "an array of octets": (text) => JSON.stringify(octets(text)),
  "composed otherwise": (text) => text.normalize("NFD"),
  "misread octets": (text) => Buffer.from(text).toString("latin1"),
  entities,
};

Deno.test("Redactor masks a secret in each spelling that a server may answer with", () => {
  const letter = fc.constantFrom(..."abcXYZ0189", "é", "ß", " ", "&", "/", "=", "+", "\u{1f511}");
  const secrets = fc.string({ unit: letter, minLength: 10, maxLength: 40 })
    .map((text) => `k${text}k`);
  const names = fc.constantFrom(...Object.keys(SPELLINGS));
  const property = fc.property(secrets, names, (secret, name) => {
    const redactor = new Redactor();
    redactor.add(secret);
    const spelled = SPELLINGS[name]!(secret);
    const shown = redactor.redact(`it is: ${spelled} .`);
    assert.ok(shown.startsWith("it is: ") && shown.includes(MASK), `${name}: ${shown}`);
    assert.ok(!shown.includes(spelled.slice(spelled.length >> 1)), `${name}: ${shown}`);
  });
  fc.assert(property, { numRuns: 400 });
});

Deno.test("Redactor masks the name of a host in ASCII that is a secret's", () => {
  const redactor = new Redactor();
  redactor.add("schlüssel-zum-tor");
  const { hostname } = new URL("https://schlüssel-zum-tor.example.com/");
  assert.equal(redactor.redact(`no ${hostname}`), "no ‹secret›.example.com");
});

Deno.test("Redactor leaves mail, lines and octets alone that hold no secret", () => {
  const redactor = new Redactor();
  redactor.add("a-secret-of-this-test");
  const letter =
    "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nDear all,=\r\nplease see =3D below: 61:2d:73\n&copy; 1&#48;0";
  for (const text of [letter, JSON.stringify(letter), "a\0b\0c", "\\101\\102", "MTIz\nNDU2\n"]) {
    assert.equal(redactor.redact(text), text);
  }
});
