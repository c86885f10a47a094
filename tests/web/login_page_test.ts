import assert from "node:assert/strict";
import { type LoginWay, openLoginPage } from "../../lib/web/login_page.ts";
import type { LoginFacts } from "../../lib/web/login_page_markup.ts";
import type { LoginDialog } from "../../lib/web/login_dialog.ts";
import { AppError } from "../../lib/base/error.ts";
import { PageUser } from "../mcp/page_user.ts";

const FACTS = {
  owner: "shop<b>",
  script: "/home/ada/auth_acquire.ts",
  hosts: ["id.example.com:443"],
  kind: "app",
  inBrowser: false,
} as const;

function open(
  login: (dialog: LoginDialog, way: LoginWay) => Promise<void>,
  timeoutMs = 60_000,
  more: Partial<LoginFacts> = {},
) {
  return openLoginPage({
    facts: { ...FACTS, ...more },
    login,
    bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    signal: new AbortController().signal,
    timeoutMs,
  });
}

Deno.test("openLoginPage() asks one question after the other, and shows how it ended", async () => {
  const answers: unknown[] = [];
  const page = open(async (dialog) => {
    answers.push(await dialog.promptText("User <name>"));
    dialog.err("It sends a code & waits");
    answers.push(await dialog.promptSecret("Code"));
    answers.push(await dialog.confirm("Agreed?"), await dialog.confirm("And to this?"));
  });
  const user = await PageUser.open(page.address());
  assert.match(user.text, /Log in to shop&lt;b&gt;[^]*auth_acquire\.ts[^]*id\.example\.com:443/);
  assert.match(user.text, /With Begin you agree to that/);
  await user.submit({});
  assert.deepEqual(user.question, { label: "User &lt;name&gt;", input: "text" });
  await user.submit({ value: "ada" });
  assert.match(user.text, /It sends a code &amp; waits/);
  assert.equal(user.question?.input, "password");
  await user.submit({ value: "p&ss=w%rd ü" });
  assert.match(user.text, /Agreed\?/);
  assert.doesNotMatch(user.text, /p&amp;ss|It sends a code/);
  await user.submit({ value: "yes" });
  await user.submit({ value: "no" });
  assert.match(user.text, /You are logged in/);
  await page.done;
  assert.deepEqual(answers, ["ada", "p&ss=w%rd ü", true, false]);
  await page.close();
});

Deno.test("openLoginPage() shows why a login failed, and runs it once", async () => {
  let runs = 0;
  const page = open(() => {
    runs++;
    return Promise.reject(new AppError("AUTH_REFUSED", "The password is wrong"));
  });
  const user = await PageUser.open(page.address());
  await user.submit({});
  assert.match(user.text, /Not logged in[^]*The password is wrong/);
  await assert.rejects(page.done, { code: "AUTH_REFUSED" });
  assert.equal(runs, 1);
  await page.close();
});

Deno.test("openLoginPage() offers a browser window where there is one, and says that it opens", async () => {
  const way = { way: "browser" };
  for (const inBrowser of [true, false]) {
    let chosen = "";
    const page = open(
      async (dialog, way) => {
        chosen = way;
        dialog.tellWhileWorking("A window <opens>");
        while (!user.seen.join("").includes("&lt;opens")) {
          await new Promise((go) => setTimeout(go, 10));
        }
      },
      60_000,
      { inBrowser },
    );
    const user = await PageUser.open(page.address());
    assert.equal(user.text.includes("browser window"), inBrowser);
    assert.match(user.text, /<button autofocus>Begin<\/button>/);
    await user.submit(way);
    assert.match(user.seen.join("\n"), /A window &lt;opens&gt;/);
    await page.done;
    assert.equal(chosen, inBrowser ? "browser" : "usual", "what was not offered is not done");
    await page.close();
  }
  const only = open(() => Promise.resolve(), 60_000, { script: null, inBrowser: true });
  const user = await PageUser.open(only.address());
  assert.match(user.text, /There is no program that logs in here/);
  assert.doesNotMatch(user.text, />Begin</);
  await only.close();
});

Deno.test("openLoginPage() opens for nobody else", async () => {
  const page = open((dialog) => dialog.promptSecret("Password").then(() => {}));
  const address = page.address();
  const { origin, host } = new URL(address);
  let body = "";
  const status = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(origin + path, { ...init, redirect: "manual" });
    body = await response.text();
    assert.doesNotMatch(body, /id\.example\.com|Password/);
    return response.status;
  };
  assert.equal(await status("/"), 403, "without a ticket");
  assert.match(body, /open it in a browser that keeps cookies/);
  assert.doesNotMatch(body, /not good, or was used/);
  assert.equal(await status("/?ticket=guess"), 403, "with a wrong one");
  assert.match(body, /not good, or was used/);
  const first = await fetch(address, { redirect: "manual" });
  await first.body?.cancel();
  const cookie = first.headers.get("set-cookie")!;
  assert.match(cookie, /HttpOnly.*SameSite=Lax|SameSite=Lax.*HttpOnly/);
  assert.match(first.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  assert.equal(first.headers.get("cache-control"), "no-store");
  assert.equal(
    await status(new URL(address).search ? `/${new URL(address).search}` : "/"),
    403,
    "twice",
  );
  const known = { cookie: cookie.split(";")[0]! };
  const search = new URL(address).search;
  assert.equal(await status(`/${search}`, { headers: known }), 303, "twice where it was opened");
  const post = (headers: Record<string, string>) =>
    status("/begin", { method: "POST", headers: { ...known, ...headers } });
  assert.equal(await post({}), 403, "a post without an origin");
  assert.equal(await post({ origin: "http://evil.example.com" }), 403, "a post of another page");
  assert.equal(await post({ origin: `http://localhost:${host.split(":")[1]}` }), 403);
  assert.equal(await status("/begin", { method: "POST", headers: { origin } }), 403, "no cookie");
  // `fetch` sets the host itself; a page that was reached by another name has sent that name.
  const connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(host.split(":")[1]),
  });
  await connection.write(new TextEncoder().encode(
    `GET / HTTP/1.1\r\nHost: rebound.example.com\r\nCookie: ${known.cookie}\r\nConnection: close\r\n\r\n`,
  ));
  assert.match(await new Response(connection.readable).text(), /^HTTP\/1\.1 403/);
  await page.close();
  await assert.rejects(page.done);
});

Deno.test("openLoginPage() gives up when nobody comes, and when it is closed", async () => {
  const late = open(() => Promise.resolve(), 20);
  await assert.rejects(late.done);
  await late.close();
  const closed = open((dialog) => dialog.promptText("User").then(() => {}));
  const user = await PageUser.open(closed.address());
  await user.submit({});
  await closed.close();
  await assert.rejects(closed.done);
});
