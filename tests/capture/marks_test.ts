import assert from "node:assert/strict";
import { authMarks } from "../../lib/capture/marks.ts";
import { harHeaders, readOne } from "./har_builder.ts";

Deno.test("authMarks() finds keywords in URLs as whole words", () => {
  const marked = [
    "https://garden.example/login",
    "https://garden.example/users/sign_in",
    "https://garden.example/Sign-In",
    "https://garden.example/api/v2/userLogin.do",
    "https://garden.example/wp-login.php",
    "https://login.garden.example/",
    "https://garden.example/connect/token",
    "https://garden.example/oauth2/v1/authorize?client_id=1",
    "https://garden.example/.well-known/openid-configuration",
    "https://garden.example/?access_token=1",
    "https://garden.example/auth%2Flogin",
  ];
  for (const url of marked) {
    assert.deepEqual(authMarks(readOne({ request: { url } })), ["url-keyword"], url);
  }
  const unmarked = [
    "https://garden.example/authors/7",
    "https://garden.example/tokenizer",
    "https://garden.example/blog/inauthentic",
    "https://garden.example/plants?q=login",
    "https://garden.example/",
  ];
  for (const url of unmarked) assert.deepEqual(authMarks(readOne({ request: { url } })), [], url);
});

Deno.test("authMarks() finds Authorization, 401 and 403", () => {
  const headers = harHeaders("authorization: Bearer x");
  assert.deepEqual(authMarks(readOne({ request: { headers }, response: { status: 401 } })), [
    "authorization-header",
    "status-401",
  ]);
  assert.deepEqual(authMarks(readOne({ response: { status: 403 } })), ["status-403"]);
  assert.deepEqual(authMarks(readOne({ response: { status: 404 } })), []);
  assert.deepEqual(authMarks(readOne({ response: null })), []);
});

Deno.test("authMarks() finds credential fields in forms, JSON and multipart", () => {
  const json = (value: unknown) => ({ mimeType: "application/json", text: JSON.stringify(value) });
  const form = (text: string) => ({ mimeType: "application/x-www-form-urlencoded", text });
  const part = (name: string) => ({
    mimeType: "multipart/form-data; boundary=b",
    text: `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nx\r\n--b--\r\n`,
  });
  const found = [
    form("user=a&password=b"),
    form("user%5Bpassword%5D=b"),
    form("j_passwd=b"),
    form("code=1&otp=123456"),
    form("client_secret=x"),
    json({ params: { user: "a", userPassword: "b" } }),
    json([{ variables: { input: { passphrase: "b" } } }]),
    json({ refreshToken: "x" }),
    json({ "api-key": "x" }),
    part("pin"),
    part("login[pass]"),
  ];
  for (const postData of found) {
    const exchange = readOne({ request: { method: "POST", postData } });
    assert.deepEqual(authMarks(exchange), ["credential-field"], postData.text);
  }
  const others = [
    form("pass_through=1&pinned=1"),
    form("q=password"),
    json({ passenger: "a", keyword: "b", spinner: 1 }),
    json("password"),
    part("opinion"),
    { mimeType: "text/plain", text: "password=1" },
  ];
  for (const postData of others) {
    const exchange = readOne({ request: { method: "POST", postData } });
    assert.deepEqual(authMarks(exchange), [], postData.text);
  }
});

Deno.test("authMarks() survives JSON nested deeper than the stack", () => {
  const text = `${"[".repeat(50_000)}{"password":1}${"]".repeat(50_000)}`;
  const postData = { mimeType: "application/json", text };
  assert.deepEqual(authMarks(readOne({ request: { postData } })), []);
});
