import assert from "node:assert/strict";
import { readHar } from "../../lib/capture/har.ts";
import type { Exchange } from "../../lib/http/exchange.ts";
import { linesOf, textOf } from "./har_builder.ts";

const FOLDER = new URL("../../fixtures/har/", import.meta.url);

function read(name: string) {
  return readHar(Deno.readFileSync(new URL(name, FOLDER)), name);
}

function find(exchanges: readonly Exchange[], path: string): Exchange {
  return exchanges.find(({ request }) => new URL(request.url).pathname === path)!;
}

function setCookies({ response }: Exchange): string[] {
  return linesOf(response!.headers).filter((line) => /^set-cookie/i.test(line))
    .map((line) => line.slice("set-cookie: ".length));
}

const LOGIN_BODY = "csrf=Zk3-plum-81&user=hedda.gabler%40garden.example&password=Kompost%2B%26+7";
const LOGIN_COOKIES = [
  "sid=0f9d8c7b6a5e4d3c; Path=/; HttpOnly; Secure",
  "theme=light, soft; Path=/; Expires=Mon, 01 Mar 2027 09:00:07 GMT",
];
const PLANTS = '{"plants":[{"id":7,"name":"Quince"},{"id":9,"name":"Medlar – Nottingham"}]}';

Deno.test("readHar() reads Chrome: no pseudo-headers, every cookie, sockets and data skipped", () => {
  const { creator, exchanges, skipped, sanitisedOrigins } = read("chrome.har");
  assert.equal(creator, "WebInspector 537.36");
  assert.deepEqual(sanitisedOrigins, []);
  assert.deepEqual(skipped, [
    { entry: 4, reason: "WebSocket" },
    { entry: 5, reason: '"data:" URL' },
  ]);
  const login = exchanges.find(({ request }) => request.method === "POST")!;
  assert.deepEqual(linesOf(login.request.headers), [
    "host: garden.example",
    "accept: */*",
    "content-type: application/x-www-form-urlencoded",
    "content-length: 76",
    "cookie: pre=aa11bb22",
    "user-agent: Mozilla/5.0 Chrome/150.0.0.0",
  ]);
  assert.equal(textOf(login.request.body), LOGIN_BODY);
  assert.deepEqual(setCookies(login), LOGIN_COOKIES);
  assert.equal(textOf(find(exchanges, "/api/plants").response!.body), PLANTS);
  assert.equal(find(exchanges, "/api/weather").response, null);
});

Deno.test("readHar() recognises Chrome's export without credentials", () => {
  assert.deepEqual(read("chrome_sanitised.har").sanitisedOrigins, ["https://garden.example"]);
});

Deno.test("readHar() reads Firefox: time order, joined cookies, other charset, no fragment", () => {
  const { exchanges, sanitisedOrigins } = read("firefox.har");
  assert.deepEqual(sanitisedOrigins, []);
  assert.deepEqual(exchanges.map(({ startedAtMs }) => new Date(startedAtMs).toISOString()), [
    "2026-03-01T09:00:00.100Z",
    "2026-03-01T09:00:07.000Z",
    "2026-03-01T09:00:08.000Z",
  ]);
  const [page, login, weather] = exchanges;
  assert.equal(login!.request.url, "https://garden.example/login");
  assert.deepEqual(setCookies(login!), [
    "sid=0f9d8c7b6a5e4d3c; Path=/; HttpOnly",
    LOGIN_COOKIES[1],
  ]);
  assert.match(new TextDecoder("iso-8859-1").decode(page!.response!.body!), /Gärtnerverein/);
  assert.ok(!linesOf(page!.response!.headers).some((line) => /encoding|length/.test(line)));
  assert.equal(weather!.response, null);
});

Deno.test("readHar() reads Safari: cookies joined by commas come apart at their borders only", () => {
  const [login] = read("safari.har").exchanges;
  assert.deepEqual(setCookies(login!), [
    "sid=0f9d8c7b6a5e4d3c; Path=/; HttpOnly; Secure",
    "theme=light,soft=1; Path=/; Expires=Mon, 01 Mar 2027 09:00:07 GMT",
  ]);
});

Deno.test("readHar() reads Playwright: equal times keep their order, lost bodies are null", () => {
  const { exchanges } = read("playwright.har");
  assert.deepEqual(exchanges.map(({ request }) => request.url), [
    "https://weather.example/now",
    "https://garden.example/upload",
    "https://garden.example/photos/3",
  ]);
  assert.equal(exchanges[0]!.response, null);
  assert.match(textOf(exchanges[1]!.request.body)!, /name="pin"\r\n\r\n4711\r\n/);
  assert.deepEqual(setCookies(exchanges[1]!), ["a=1; Path=/", "b=2; Path=/"]);
  assert.equal(exchanges[2]!.response!.body, null);
});

Deno.test("readHar() reads mitmproxy: microseconds, cookie crumbs, decoded and base64 bodies", () => {
  const [token, plants] = read("mitmproxy.har").exchanges;
  assert.equal(
    textOf(token!.request.body),
    "grant_type=password&username=hedda&password=Kompost%2B%26+7%25&scope=",
  );
  assert.deepEqual(token!.response!.body, Uint8Array.of(0, 255, 16, 130));
  assert.deepEqual(linesOf(plants!.request.headers), [
    "host: garden.example",
    "authorization: Bearer gk_live_3d2c1b0a9f8e7d6c",
    "cookie: sid=0f9d8c7b6a5e4d3c; theme=light",
  ]);
  assert.deepEqual(linesOf(plants!.response!.headers), [
    "content-type: application/json; charset=utf-8",
  ]);
  assert.equal(textOf(plants!.response!.body), PLANTS);
});

Deno.test("readHar() reads Charles: tunnels skipped, headers rebuilt from the cookie lists", () => {
  const { exchanges: [plants], skipped } = read("charles.har");
  assert.deepEqual(skipped, [{ entry: 1, reason: "proxy tunnel" }]);
  assert.ok(linesOf(plants!.request.headers).includes("Cookie: sid=0f9d8c7b6a5e4d3c; theme=light"));
  assert.deepEqual(setCookies(plants!), [
    "seen=1; Path=/; Domain=.garden.example; SameSite=Lax; Expires=Mon, 01 Mar 2027 09:00:07 GMT; " +
    "Secure; HttpOnly",
  ]);
  assert.equal(textOf(plants!.response!.body), PLANTS);
});

Deno.test("readHar() reads Proxyman: newest first, no response, multipart parameters", () => {
  const [upload, weather] = read("proxyman.har").exchanges;
  assert.equal(upload!.response!.status, 201);
  assert.equal(
    textOf(upload!.request.body),
    '--plum\r\nContent-Disposition: form-data; name="pin"\r\n\r\n4711\r\n' +
      '--plum\r\nContent-Disposition: form-data; name="photo"; filename="quince.txt"\r\n' +
      "Content-Type: text/plain\r\n\r\nyellow\r\n--plum--\r\n",
  );
  assert.equal(weather!.response, null);
});
