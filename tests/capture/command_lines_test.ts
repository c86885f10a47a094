/** Command lines as people keep them: in scripts, with variables, hand-written for PowerShell. */
import assert from "node:assert/strict";
import { readCaptureBytes } from "../support/read_capture.ts";
import { headerValue } from "../../lib/http/headers.ts";
import { textOf } from "./har_builder.ts";

const read = (text: string | Uint8Array) =>
  readCaptureBytes(typeof text === "string" ? new TextEncoder().encode(text) : text, "x");

Deno.test("curl is found in scripts, behind prompts, in substitutions, and not in prose", () => {
  const { exchanges, lacks } = read(`#!/usr/bin/env bash
# log in with curl first; don't forget the cookie
set -euo pipefail
TOKEN=$(curl -s -XPOST https://a.example/1 -d pin=4711 | jq -r .token)
if true; then sudo /usr/local/bin/curl --max-redirs 5 --retry-delay 2 "https://a.example/2"; fi
$ curl -isSLkX DELETE 'https://a.example/3' && echo curl done
  curl --url https://a.example/4 \\
    --next -d @body.json https://a.example/5
`);
  assert.deepEqual(exchanges.map(({ request: { method, url } }) => `${method} ${url.slice(-1)}`), [
    "POST 1",
    "GET 2",
    "DELETE 3",
    "GET 4",
    "POST 5",
  ]);
  assert.equal(exchanges[4]!.request.body, null);
  assert.ok(lacks.includes("bodies that stand in files"));
  assert.throws(() => read("Get a copy with curl or wget.\nThen log in."), { code: "BAD_INPUT" });
});

Deno.test("curl's options joined in one word, URL-encoded, and for files say what was sent", () => {
  const { exchanges } = read(
    `curl -sSXPATCH -Hx-a:1 -d a=1 -da=2 --data-urlencode '=x y' a.example:8080/in
curl -T photo.png https://a.example/put
curl --url-query 'q=a b' -G --data-raw '@at' 'https://a.example/get?z=1'
curl -F 'photo=@/tmp/a.png;type=image/png' -F 'note=hi;type=text/plain' https://a.example/form
curl --tlsv1.2 --http2 --no-progress-meter --compressed -w '%{http_code}' -o /dev/null https://a.example/last`,
  );
  const [patch, put, get, form, last] = exchanges.map(({ request }) => request);
  assert.deepEqual([patch!.method, patch!.url], ["PATCH", "http://a.example:8080/in"]);
  assert.equal(headerValue(patch!.headers, "x-a"), "1");
  assert.equal(textOf(patch!.body), "a=1&a=2&x+y");
  assert.equal(put!.method, "PUT");
  assert.deepEqual([get!.method, get!.url], ["GET", "https://a.example/get?z=1&q=a+b&@at"]);
  assert.match(
    textOf(form!.body)!,
    /name="photo"; filename="a\.png"\r\nContent-Type: image\/png/,
  );
  assert.match(textOf(form!.body)!, /name="note"\r\nContent-Type: text\/plain\r\n\r\nhi\r\n/);
  assert.equal(last!.url, "https://a.example/last");
});

Deno.test("PowerShell by hand, and Chrome's for text beyond ASCII", () => {
  const { exchanges, creator } = read(
    `$headers = @{ 'X-Token' = "a\`$b"; Accept = 'application/json' }
$r = Invoke-RestMethod 'https://a.example/1' -Headers $Headers
irm -Uri https://a.example/2 -Method Put -Body 'it''s {"a":1}' -ContentType 'application/json'
Invoke-WebRequest -UseBasicParsing -Uri "https://a.example/3?q=$([char]252)" \`
-Method "POST" \`
-Headers @{"accept"="*/*"; "x-brace"="}"} \`
-Body ([System.Text.Encoding]::UTF8.GetBytes("n=$([char]252)\`"x"))
`,
  );
  assert.equal(creator, "PowerShell command lines");
  const [one, two, three] = exchanges.map(({ request }) => request);
  assert.equal(headerValue(one!.headers, "x-token"), "a$b");
  assert.equal(headerValue(one!.headers, "accept"), "application/json");
  assert.deepEqual([two!.method, textOf(two!.body)], ["PUT", `it's {"a":1}`]);
  assert.equal(three!.url, "https://a.example/3?q=%C3%BC");
  assert.equal(headerValue(three!.headers, "x-brace"), "}");
  assert.equal(textOf(three!.body), 'n=ü"x');
});

Deno.test("a text saved as UTF-16, as shells of Windows do, is read as well", () => {
  const text = 'curl "https://a.example/x"';
  const bytes = new Uint8Array(2 + 2 * text.length);
  bytes.set([0xff, 0xfe]);
  [...text].forEach((char, at) => bytes[2 + 2 * at] = char.charCodeAt(0));
  assert.equal(read(bytes).exchanges[0]!.request.url, "https://a.example/x");
});

Deno.test("curl asks each address, and says which headers and form fields it cannot show", () => {
  const { exchanges, lacks } = read(
    `curl -H 'X-None;' -H 'Accept:' -H 'X-Yes: 1' https://a.example/1 https://a.example/2
curl -F 'about=<about.txt' --form-string 'sign=@home' https://a.example/form`,
  );
  assert.deepEqual(exchanges.map(({ request: { method, url } }) => `${method} ${url}`), [
    "GET https://a.example/1",
    "GET https://a.example/2",
    "POST https://a.example/form",
  ]);
  for (const { request } of exchanges.slice(0, 2)) {
    assert.deepEqual(request.headers, [["X-None", ""], ["X-Yes", "1"]]);
  }
  const form = textOf(exchanges[2]!.request.body)!;
  assert.ok(form.includes('name="about"\r\n\r\n\r\n') && form.includes("@home"), form);
  assert.ok(lacks.includes("bodies that stand in files"));
});

Deno.test("PowerShell's bodies are read from variables, tables and here-strings, or said to be lost", () => {
  const { exchanges, lacks } = read(`
$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession
$session.Cookies.Add((New-Object System.Net.Cookie("sid", "a1", "/", "a.example")))
$given = @{ user = 'it''s'; "pin" = 4711; keep = $true } | ConvertTo-Json
$form = @{ user = "ann"; pin = 4711 }
irm -Method Post -Uri https://a.example/1 -WebSession $session -Body $given -ContentType application/json
Invoke-RestMethod https://a.example/2 -Method Post -Body $form
Invoke-WebRequest -Uri 'https://a.example/3' -Method PUT -Body @{ q = "x y" }
irm https://a.example/4 -Method Post -Body @'
{"k": "v"}
'@
irm https://a.example/5 -Method Post -Body (Get-Content pin.txt)
`);
  assert.deepEqual(exchanges.map(({ request }) => textOf(request.body)), [
    '{"user":"it\'s","pin":4711,"keep":true}',
    "user=ann&pin=4711",
    "q=x+y",
    '{"k": "v"}',
    null,
  ]);
  assert.deepEqual(
    exchanges.map(({ request }) => headerValue(request.headers, "cookie")),
    ["sid=a1", undefined, undefined, undefined, undefined],
  );
  assert.ok(lacks.includes("bodies that are computed or stand in files"));
});

Deno.test("curl asks each address of a set and of a range, in curl's order", () => {
  const asked = (command: string) =>
    read(command).exchanges.map(({ request }) => request.url.slice(18));
  assert.deepEqual(asked("curl 'https://a.example/{x,y}/[1-2]'"), ["x/1", "x/2", "y/1", "y/2"]);
  assert.deepEqual(asked("curl 'https://a.example/[08-12:2]/[b-d]'").slice(2, 5), [
    "08/d",
    "10/b",
    "10/c",
  ]);
  assert.deepEqual(asked(`curl 'https://a.example/\\{q\\}[3-1]'`), ["%7Bq%7D[3-1]"]);
  assert.deepEqual(asked("curl -g 'https://a.example/?f={a,b}'"), ["?f={a,b}"]);
  assert.equal(asked("curl 'https://a.example/[1-99999999]'").length, 1);
  assert.equal(read("curl 'http://[::1]:8080/v'").exchanges[0]!.request.url, "http://[::1]:8080/v");
});

Deno.test("curl's JSON, ranges, and what it keeps for a challenge or in files", () => {
  const { exchanges, lacks } = read(
    `curl --json '{"a":' --json '1}' -H 'Accept: text/x' https://a.example/1
curl --digest -u ada:pin https://a.example/2
curl -r 0-9 -e 'https://r.example/;auto' https://a.example/3
curl -b jar.txt -H @headers.txt -T photo.png https://a.example/4/
curl --data-urlencode note@note.txt https://a.example/5`,
  );
  const [json, digest, range, upload, note] = exchanges.map(({ request }) => request);
  assert.equal(textOf(json!.body), '{"a":1}');
  assert.deepEqual(json!.headers, [["Accept", "text/x"], ["Content-Type", "application/json"]]);
  assert.deepEqual(digest!.headers, []);
  assert.deepEqual(range!.headers, [["Range", "bytes=0-9"], ["Referer", "https://r.example/"]]);
  assert.deepEqual([upload!.method, upload!.url], ["PUT", "https://a.example/4/photo.png"]);
  assert.equal(textOf(note!.body), "note=");
  const files = ["cookies", "headers", "bodies"].map((what) => `${what} that stand in files`);
  assert.deepEqual(lacks.slice(2), files);
  assert.throws(() => read("curl -K login.conf"), { message: /no request that can be read/ });
});

Deno.test("variables of the shell have the values that the script gives them, else they are named", () => {
  const { exchanges, lacks } = read(`BASE=https://a.example
export TOKEN='t-1' OTHER=$(date)
curl -H "Authorization: Bearer $TOKEN" "$BASE/v1?o=$OTHER" -H 'X-Raw: $TOKEN' -d cost=\\$5
curl -H "X-Key: \${KEY}" \${BASE}/v2`);
  const [first, second] = exchanges.map(({ request }) => request);
  assert.equal(headerValue(first!.headers, "authorization"), "Bearer t-1");
  assert.equal(headerValue(first!.headers, "x-raw"), "$TOKEN");
  assert.deepEqual([first!.url, textOf(first!.body)], ["https://a.example/v1?o=$OTHER", "cost=$5"]);
  assert.deepEqual([second!.url, headerValue(second!.headers, "x-key")], [
    "https://a.example/v2",
    "${KEY}",
  ]);
  assert.equal(lacks.at(-1), "values of variables: OTHER, KEY");
});

Deno.test("quotes that are doubled for cmd are quotes, and a dollar is one", () => {
  const { exchanges, lacks } = read(
    `curl "https://a.example/in" -H "X-Say: it's ""fine""" --data-raw "{""pin"":""47$HOME"",""of"":""""}"`,
  );
  assert.equal(textOf(exchanges[0]!.request.body), '{"pin":"47$HOME","of":""}');
  assert.ok(!lacks.some((what) => what.includes("HOME")), lacks.join());
  assert.equal(headerValue(exchanges[0]!.request.headers, "x-say"), `it's "fine"`);
});
