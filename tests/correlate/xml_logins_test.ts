/** Logins that speak XML: SOAP, XML-RPC and documents of one's own, with the session wherever it is carried. */
import assert from "node:assert/strict";
import { escapeXml } from "../../lib/http/xml.ts";
import { flowLines } from "../support/flow_text.ts";
import { provenLogin } from "../support/proven_login.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://mill.example";
const SESSION = "582140973316608127";
const XML: TraceParts["answerHeaders"] = [["Content-Type", "text/xml; charset=utf-8"]];

const post = (text: string, answer: string, parts: TraceParts = {}) =>
  trace(`POST ${SITE}/service`, {
    body: ["application/soap+xml; charset=utf-8", text],
    text: answer,
    answerHeaders: XML,
    ...parts,
  });

const envelope = (head: string, body: string) =>
  `<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"` +
  ` xmlns:m="urn:mill">\n  ${head}<soap:Body>\n    ${body}\n  </soap:Body>\n</soap:Envelope>`;
const call = (method: string, ...params: string[]) =>
  `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>` +
  params.map((value) => `<param><value>${value}</value></param>`).join("") +
  "</params></methodCall>";
const reply = (value: string) =>
  `<?xml version="1.0"?><methodResponse><params><param><value>${value}</value></param></params></methodResponse>`;
const member = (name: string, value: string) =>
  `<member><name>${name}</name><value><string>${value}</string></value></member>`;

/** By what is carried where; the last lines say what the flow must hold. */
const LOGINS: Readonly<Record<string, readonly [traces: ReturnType<typeof post>[], string[]]>> = {
  "SOAP, name in an attribute, password in CDATA, session in the head": [[
    post(
      envelope(
        "",
        `<m:Enter user='noor &amp; co'><m:Secret><![CDATA[a<b>&"c]]></m:Secret></m:Enter>`,
      ),
      envelope("", `<m:Entered><m:Ticket>\n   ${SESSION}\n </m:Ticket></m:Entered>`),
    ),
    ...["Bins", "Orders"].map((what) =>
      post(
        envelope(
          `<soap:Header><m:Ticket>${SESSION}</m:Ticket></soap:Header>`,
          `<m:Get${what}/>`,
        ),
        envelope("", `<m:${what}/>`),
      )
    ),
  ], [
    "result body Envelope/Header/Ticket = {ticket}",
  ]],
  "XML-RPC with a struct, session in a header": [[
    post(
      call(
        "user.login",
        `<struct>${member("login", "noor")}${
          member("password", "Salt &amp; &lt;rope&gt;")
        }</struct>`,
      ),
      reply(`<struct>${member("status", "ok")}${member("session", "kTzwQ8bRnLm4")}</struct>`),
    ),
    ...["/boats", "/piers"].map((path) =>
      trace(`GET ${SITE}${path}`, { headers: [["X-Session", "kTzwQ8bRnLm4"]], answer: { n: 1 } })
    ),
  ], ["result header X-Session = {session_value}"]],
  "a session in the attribute of each request": [[
    post(
      `<request><logon><name>noor</name><password>&quot;Salt&quot;&#38;rope</password></logon></request>`,
      `<response><session id="${SESSION}" kept="1800"/></response>`,
    ),
    ...["list", "count"].map((what) =>
      post(`<request session="${SESSION}"><${what}/></request>`, `<response><n>3</n></response>`)
    ),
  ], ["result body request/@session = {id}"]],
  "a cookie out of a document inside the answer's text": [[
    post(
      envelope("", `<m:Logon><m:UserName>noor</m:UserName><m:Pwd>Salt; rope</m:Pwd></m:Logon>`),
      envelope(
        "",
        `<m:Result>${escapeXml(`<login ok="1"><key>${SESSION}</key></login>`)}</m:Result>`,
      ),
    ),
    ...["/boats", "/piers"].map((path) =>
      trace(`GET ${SITE}${path}`, { cookie: `mill=${SESSION}`, answer: { n: 1 } })
    ),
  ], ["result cookie mill"]],
};

for (const [style, [traces, lines]] of Object.entries(LOGINS)) {
  Deno.test(`analyzeLogin() and proveScript() derive ${style}`, async () => {
    const { flow, source, problems } = await provenLogin(capture(...traces));
    assert.deepEqual(problems, [], source);
    assert.deepEqual(flow.inputs.map(({ kind }) => kind), ["identifier", "password"]);
    const found = flowLines(flow);
    for (const line of lines) assert.ok(found.includes(line), `${line}\n${found.join("\n")}`);
    for (const secret of [SESSION, "kTzwQ8bRnLm4", "noor", "rope"]) {
      assert.ok(!source.includes(secret), secret);
    }
  });
}

Deno.test("proveScript() refuses a session of XML that was copied, and what is not written for XML", async () => {
  const [soap] = LOGINS["SOAP, name in an attribute, password in CDATA, session in the head"]!;
  const [plain] = LOGINS["a session in the attribute of each request"]!;
  const raw = (source: string) => source.replace("escape_xml(password)", "password");
  const copied = (source: string) => source.replace(/: ticket,/, `: "${SESSION}",`);
  const named = (source: string) => source.replace("escape_xml(username)", '"noor &amp; co"');
  const cases: readonly (readonly [typeof soap, (source: string) => string, RegExp])[] = [
    [soap, copied, /holds a recorded value/],
    [soap, named, /"Envelope\/Body\/Enter\/@user": is not what is asked for as "username"/],
    [soap, raw, /"Envelope\/Body\/Enter\/Secret": is missing/],
    [plain, raw, /is not XML: an ampersand is not escaped/],
  ];
  for (const [traces, change, wanted] of cases) {
    const { problems } = await provenLogin(capture(...traces), change);
    assert.match(problems.join("\n"), wanted);
  }
});
