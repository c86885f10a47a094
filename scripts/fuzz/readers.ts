/** What reads texts that others wrote, each as a function of one text. */
import { readConfigText } from "../../lib/base/config_schema.ts";
import { encodedRuns } from "../../lib/base/encoded_runs.ts";
import { escapeForeignLines } from "../../lib/base/foreign_text.ts";
import { matchesGlob } from "../../lib/base/glob.ts";
import { parseJson } from "../../lib/base/json.ts";
import { Redactor } from "../../lib/base/redact.ts";
import { yamlPositions } from "../../lib/base/yaml_positions.ts";
import { readCaptureBytes } from "../../tests/support/read_capture.ts";
import { readCurl } from "../../lib/capture/sources/curl.ts";
import { readForeign } from "../../lib/capture/sources/read_foreign.ts";
import { EncodedText } from "../../lib/codec/encoded_text.ts";
import { openersTo } from "../../lib/codec/openers.ts";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { openLeaf } from "../../lib/correlate/opened_leaf.ts";
import { authParams, splitKnownScheme } from "../../lib/http/auth_scheme.ts";
import { parseBody } from "../../lib/http/body.ts";
import { parseChallenges } from "../../lib/http/challenge.ts";
import { parseCookieDate } from "../../lib/http/cookie_date.ts";
import { parseCookieHeader, parseSetCookie } from "../../lib/http/cookies.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { contentTypeParameter } from "../../lib/http/headers.ts";
import { parseHtml } from "../../lib/http/html.ts";
import { pageLinks } from "../../lib/http/link_header.ts";
import { isOpaque } from "../../lib/http/opaque.ts";
import { plainText } from "../../lib/http/plain_text.ts";
import { isCredentialName, words } from "../../lib/http/vocabulary.ts";
import { visibleText } from "../../lib/http/visible_text.ts";
import { inlineValues } from "../../lib/judge/inline_values.ts";
import { openText } from "../../lib/judge/open_text.ts";
import { isTokenLike } from "../../lib/judge/token_like.ts";
import { redactProse } from "../../lib/llm/redact_prose.ts";
import { readReply } from "../../lib/llm/candidate.ts";
import { writtenValues } from "../../lib/script/written_values.ts";
import { prepareScript } from "../../lib/script/prepare.ts";
import { inEnvironment } from "../../lib/store/environment.ts";
import { snakeCase } from "../../lib/tools/derive/nouns.ts";
import { readGraphqlDocument } from "../../lib/tools/derive/graphql_document.ts";
import { capture, trace } from "../../tests/support/traces.ts";

export interface Reader {
  readonly name: string;
  readonly read: (text: string) => unknown;
  /** How long a text it takes at first; characters. Half a megabyte and more are ordinary for bodies. */
  readonly length: number;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const VALUE = "Pq7-w/x_Zk93&vR";

/** A login around the text, which stands in one place of it. */
function recorded(place: (text: string) => Trace): (text: string) => unknown {
  return (text) =>
    analyzeLogin(capture(
      trace("GET https://shop.example/login", { html: `<form method=post><input name=user>` }),
      trace("POST https://shop.example/login", {
        form: { user: "ann", password: "Plum-81-cart" },
        setCookies: ["sid=a8Fq2LmZ0pXw73RtBv"],
      }),
      place(text),
      trace("GET https://shop.example/api/me", {
        cookie: "sid=a8Fq2LmZ0pXw73RtBv",
        answer: { id: 7 },
      }),
    ));
}

const asHeader = (text: string) => text.replaceAll(/[\r\n\0]/g, " ");

export const READERS: readonly Reader[] = [
  ...texts(64_000, {
    parseHtml,
    visibleText,
    plainText,
    parseJson,
    "parseBody: form": (text) =>
      parseBody([["content-type", "application/x-www-form-urlencoded"]], bytes(text)),
    "parseBody: multipart": (text) =>
      parseBody([["content-type", "multipart/form-data; boundary=--"]], bytes(text)),
    "parseBody: unnamed": (text) => parseBody([], bytes(text)),
    "Redactor.redact": (text) => {
      const redactor = new Redactor();
      redactor.add(VALUE);
      return redactor.redact(text);
    },
    encodedRuns: (text) => encodedRuns(text, (decoded) => decoded.includes("secret")),
    escapeForeignLines,
    readCurl,
    readForeign: (text) => readForeign(bytes(text)),
    "readForeign: curl": (text) => readForeign(bytes(`curl '${text}`)),
    "readForeign: PowerShell": (text) =>
      readForeign(bytes(`Invoke-WebRequest -Uri "https://a.example" ${text}`)),
    "readForeign: Burp": (text) =>
      readForeign(bytes(`<items burpVersion="1"><item><url>http://a</url><request>${text}`)),
    "readCapture: HAR": (text) => readCaptureBytes(bytes(`{"log":{"entries":[${text}`), "a.har"),
    EncodedText: (text) => [...new EncodedText(VALUE).spansIn(text)],
    inEnvironment: (text) =>
      inEnvironment(text, new Map([["https://a.example", "https://b.example"]])),
    openText,
    inlineValues,
    writtenValues: (text) => writtenValues(text, "a.ts"),
    openersTo: (text) => openersTo(text, VALUE),
    readGraphqlDocument,
    readReply,
    redactProse: (text) => redactProse(text, { known: () => null } as never, ""),
  }),
  ...texts(16_000, {
    readConfigText: (text) =>
      readConfigText(text, { file: "a.yaml", folder: "/", layer: "user" } as never),
    yamlPositions,
    prepareScript: (text) => prepareScript(text, "a.ts"),
    parseChallenges,
    parseCookieDate,
    parseCookieHeader,
    parseSetCookie,
    pageLinks: (text) => pageLinks([["link", text]], "https://a.example"),
    contentTypeParameter: (text) => contentTypeParameter([["content-type", text]], "charset"),
    authParams,
    splitKnownScheme,
    openLeaf,
    isOpaque,
    isTokenLike,
    words,
    isCredentialName,
    snakeCase,
    "matchesGlob: pattern": (text) => matchesGlob(text, text + "x"),
    "matchesGlob: text": (text) => matchesGlob("*a*b*c*", text),
  }),
  ...texts(32_000, {
    "analysis: HTML": recorded((html) => trace("GET https://shop.example/page", { html })),
    "analysis: text": recorded((text) => trace("GET https://shop.example/a.js", { text })),
    "analysis: JSON": recorded((text) =>
      trace("GET https://shop.example/api", { answer: { text, list: [text.slice(0, 900)] } })
    ),
    "analysis: request": recorded((text) =>
      trace("POST https://shop.example/api", { body: ["application/json", text], answer: {} })
    ),
    "analysis: form": recorded((text) =>
      trace("POST https://shop.example/api", { form: { comment: text }, answer: {} })
    ),
    "analysis: header": recorded((text) =>
      trace("GET https://shop.example/api", { headers: [["x-token", asHeader(text)]], answer: {} })
    ),
    "analysis: cookie": recorded((text) =>
      trace("GET https://shop.example/api", { cookie: asHeader(text), answer: {} })
    ),
    "analysis: query": recorded((text) =>
      trace(`GET https://shop.example/api?q=${encodeURIComponent(text.toWellFormed())}`, {
        answer: {},
      })
    ),
    "analysis: set-cookie": recorded((text) =>
      trace("GET https://shop.example/api", { setCookies: [asHeader(text)], answer: {} })
    ),
  }),
];

function texts(length: number, readers: Record<string, (text: string) => unknown>): Reader[] {
  return Object.entries(readers).map(([name, read]) => ({ name, read, length }));
}
