/** What a form shows and what a field holds: recordings in which that alone says what was typed. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://works.example";
const TOKEN = "q81Zp4Tz0Lk9f8e7d6c5";

/** The inputs and lines of a login whose answer is a token that the next request carries. */
function login(parts: TraceParts, page?: string): { asks: string[]; lines: string[] } {
  const flow = flowOf(analyzeLogin(capture(
    ...page === undefined ? [] : [trace(`GET ${SITE}/enter`, { html: page })],
    trace(`POST ${SITE}/enter`, { answer: { token: TOKEN }, ...parts }),
    trace(`GET ${SITE}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
  )));
  return { asks: flow.inputs.map(({ label }) => label), lines: flowLines(flow) };
}

Deno.test("an empty box beside the password is asked for by its name (inEmptyBoxes)", () => {
  const page = `<form method="post"><input name="Filiale"><input name="Benutzer">
    <input name="Sprache" value="de"><input type="password" name="Kennwort"></form>`;
  const { asks } = login({
    form: { Filiale: "Hafen-Ost", Benutzer: "t.brand", Sprache: "de", Kennwort: "Ton+Krug" },
  }, page);
  assert.deepEqual(asks, ["Username", "Filiale", "Password"]);
});

Deno.test("a hidden field of letters that are no word is taken from its page (isUnspeakable)", () => {
  const page = `<form method="post"><input type="hidden" name="tx" value="QWRTZPLKJHGF">
    <input type="hidden" name="view" value="compactlayout">
    <input name="email"><input type="password" name="password"></form>`;
  const { lines } = login({
    form: {
      tx: "QWRTZPLKJHGF",
      view: "compactlayout",
      email: "una@works.example",
      password: "Ton+Krug",
    },
  }, page);
  assert.ok(lines.includes("s2 body tx = {tx}"), lines.join("\n"));
  assert.ok(lines.includes('s2 body view = "compactlayout"'), lines.join("\n"));
});

Deno.test("a password in hex is asked for as its text, and a hash is not", () => {
  const hex = new TextEncoder().encode("Grüner Tee 7").toHex();
  const { lines } = login({ form: { uid: "bruno", passwd: hex } });
  assert.ok(lines.includes("s1 body passwd = hex($password)"), lines.join("\n"));
  const hash = login({ form: { uid: "bruno", passwd: "8f14e45fceea167a5a36dedd4bea2543" } });
  assert.ok(hash.lines.every((line) => !line.includes("hex(")), hash.lines.join("\n"));
});

Deno.test("a user named by one digit is asked for beside a PIN, where a constant has the digit too", () => {
  const { asks, lines } = login({ json: { user: "7", pin: "5520", v: 7, floor: "7" } });
  assert.deepEqual(asks, ["Username", "Password"]);
  assert.ok(lines.includes('s1 body floor = "7"'), lines.join("\n"));
});

Deno.test("a member of a struct may be called like its value", () => {
  const member = (name: string, value: string) =>
    `<member><name>${name}</name><value><string>${value}</string></value></member>`;
  const text = `<?xml version="1.0"?><methodCall><methodName>User.login</methodName><params><param>
    <value><struct>${member("user", "user")}${member("password", "user")}</struct></value></param>
    </params></methodCall>`;
  const { lines } = login({ body: ["text/xml", text] });
  const body = lines.find((line) => line.startsWith("s1 body")) ?? "";
  assert.match(body, /<name>user<\/name><value><string>" \+ xml-escape\(\$username\)/);
});
