/** Recordings of logins drawn at random: secrets of all kinds, in all places, wrapped in what the web wraps them in. */
import fc from "fast-check";
import type { JsonValue } from "../../lib/base/json.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { base64Encode, base64UrlEncode } from "../../lib/http/base64.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { Canaries } from "./canaries.ts";

export interface RandomLogin {
  readonly traces: Trace[];
  readonly canaries: Canaries;
  readonly user: string;
  readonly password: string;
}

const SITE = "https://kiln.example";

type Wrap = (text: string) => string;

const WRAPS: readonly Wrap[] = [
  (text) => text,
  base64Encode,
  base64UrlEncode,
  (text) => new TextEncoder().encode(text).toHex(),
  encodeURIComponent,
  (text) => JSON.stringify({ v: text, n: 1 }),
  (text) => base64Encode(JSON.stringify({ v: text })),
  (text) => `Session ${text}`,
  (text) => `"${text}"`,
  (text) => `k=${encodeURIComponent(text)}&b=1`,
  (text) => `v1.${base64UrlEncode(text)}.sig`,
  (text) => `a:${text};b`,
  (text) => `  ${text}\t`,
  (text) =>
    `https://other.example/cb?ticket=${encodeURIComponent(text)}#t=${encodeURIComponent(text)}`,
];

const KINDS = ["token", "words", "email", "phone", "digits"] as const;

const REQUEST: readonly ((value: string, name: string) => TraceParts)[] = [
  (value, name) => ({ json: { a: { [name]: value } } }),
  (value, name) => ({ json: [value, { [name]: [value] }] }),
  (value, name) => ({ form: { [name]: value } }),
  (value) => ({ body: ["text/plain", `one ${value}\ntwo`] }),
  (value, name) => ({ headers: [[`X-${name}`, encodeURIComponent(value)]] }),
  (value, name) => ({ cookie: `${name}=${encodeURIComponent(value)}; x=1` }),
  (value, name) => ({
    body: ["text/xml", `<m><${name} at="${escaped(value)}">${escaped(value)}</${name}></m>`],
  }),
];

const ANSWER: readonly ((value: string, name: string) => TraceParts)[] = [
  (value, name) => ({ answer: { data: [{ [name]: value }] } }),
  (value, name) => ({ answer: { [value]: name } }),
  (value, name) => ({
    html: `<form action="/x?${name}=${
      encodeURIComponent(value)
    }"><input type=hidden name=${name} value="${escaped(value)}">`,
  }),
  (value) => ({
    html: `<script>const data = ${JSON.stringify({ a: value })}; start(data, ${
      JSON.stringify(value)
    });</script>`,
  }),
  (value) => ({
    html: `<title>${escaped(value)}</title><p title="${escaped(value)}">Dear ${escaped(value)}</p>`,
  }),
  (value) => ({ html: `<script type="application/json">${JSON.stringify([value])}</script>` }),
  (value) => ({ text: `say ${value}!` }),
  (value, name) => ({ answer: {}, answerHeaders: [[`X-${name}`, encodeURIComponent(value)]] }),
  (value, name) => ({ answer: {}, setCookies: [`${name}=${encodeURIComponent(value)}; Path=/`] }),
  (value) => ({ location: `/next?code=${encodeURIComponent(value)}` }),
];

/** Pages after the login, whose code is handed what belongs to the reader. */
const READ: readonly ((value: string) => string)[] = [
  (value) => `greet(${JSON.stringify(value)}); const who = ${JSON.stringify(value)};`,
  (value) =>
    `window.S = ${JSON.stringify({ who: [value] })}; tell(S.who + ${JSON.stringify(value)});`,
  (value) =>
    `show({ who: ${JSON.stringify(value)} }); t = ${JSON.stringify(`Dear ${value}, `)} + x;`,
  (value) => `put("sid", ${JSON.stringify(value)}); q = x === ${JSON.stringify(value)};`,
];

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

const piece = fc.record({
  kind: fc.constantFrom(...KINDS),
  wraps: fc.array(fc.nat(WRAPS.length - 1), { maxLength: 2 }),
  place: fc.nat(69),
  name: fc.constantFrom("token", "state", "sid", "who", "ref", "data", "qx"),
});

export const randomLogin: fc.Arbitrary<RandomLogin> = fc.record({
  asked: fc.array(piece, { minLength: 1, maxLength: 4 }),
  answered: fc.array(piece, { minLength: 1, maxLength: 5 }),
  userWrap: fc.nat(3),
  passwordWrap: fc.nat(WRAPS.length - 1),
  tokenWrap: fc.nat(WRAPS.length - 1),
  read: fc.array(piece, { maxLength: 2 }),
}).map(({ asked, answered, userWrap, passwordWrap, tokenWrap, read }) => {
  const canaries = new Canaries();
  const [user, password, token] = [canaries.email(), canaries.token(), canaries.token()];
  const made = ({ kind, wraps }: (typeof asked)[number]) =>
    wraps.reduce((text, at) => WRAPS[at]!(text), canaries[kind]());
  const requests = asked.map((one, index) =>
    trace(`POST ${SITE}/step/${index}`, {
      ...REQUEST[one.place % REQUEST.length]!(made(one), one.name),
      answer: { ok: true },
    })
  );
  const answers = answered.map((one, index) =>
    trace(`GET ${SITE}/page/${index}`, ANSWER[one.place % ANSWER.length]!(made(one), one.name))
  );
  const body: JsonValue = {
    username: WRAPS[userWrap]!(user),
    password: WRAPS[passwordWrap]!(password),
    proof: canaries.token(),
  };
  const login = trace(`POST ${SITE}/login`, {
    json: body,
    answer: { token: WRAPS[tokenWrap]!(token) },
  });
  const me = trace(`GET ${SITE}/api/me`, {
    headers: [["Authorization", `Bearer ${encodeURIComponent(WRAPS[tokenWrap]!(token))}`]],
    answer: { mail: user, name: canaries.words() },
  });
  const pages = read.map((one, index) =>
    trace(`GET ${SITE}/read/${index}`, {
      html: `<script>${
        READ[one.place % READ.length]!(made(one)).replaceAll("</", "<\\/")
      }</script>`,
    })
  );
  return {
    traces: capture(...answers, ...requests, login, ...pages, me, me),
    canaries,
    user,
    password,
  };
});
