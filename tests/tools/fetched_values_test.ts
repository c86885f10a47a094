/** Anti-forgery tokens and nonces as frameworks hand them out: no arguments, fetched anew with each call. */
import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import { callAppTool } from "../../lib/tools/call.ts";
import type { ToolDefinition } from "../../lib/tools/definition.ts";
import { NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { validateTool } from "../../lib/tools/tool_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";
import { type Exchanged, recording } from "./trace_builder.ts";
import { type SeenRequest, Site } from "./site.ts";

const RECORDED = "rEc0rded-Guard-0123456789==";
const SESSION = "Bearer s3cret-access-token";
const html = (text: string, headers: Record<string, string> = {}) =>
  new Response(text, { headers: { "content-type": "text/html", ...headers } });
const form = (values: Record<string, string>) => new URLSearchParams(values);

interface Framework {
  readonly name: string;
  /** The page that was recorded, and what it answers with a guard. */
  readonly page: string;
  readonly answer: (guard: string) => string | Record<string, JsonValue>;
  readonly change: Pick<Exchanged, "send" | "headers" | "status"> & { readonly to: string };
  /** What a call is given, and the guard as the change carries it. */
  readonly args: Record<string, unknown>;
  readonly guardOf: (request: SeenRequest) => string | null;
}

const signed = [["Authorization", SESSION]] as const;

const FRAMEWORKS: readonly Framework[] = [
  {
    name: "Django: a hidden input",
    page: "/polls/new",
    answer: (guard) =>
      `<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="${guard}"><input name="q"></form>`,
    change: {
      to: "POST /polls",
      send: form({ csrfmiddlewaretoken: RECORDED, q: "why" }),
      status: 302,
    },
    args: { q: "how" },
    guardOf: ({ body }) => new URLSearchParams(body).get("csrfmiddlewaretoken"),
  },
  {
    name: "Rails: a meta tag for a header, on the page of the thing itself",
    page: "/boards/17",
    answer: (guard) => `<head><meta name="csrf-token" content="${guard}"></head>`,
    change: {
      to: "PATCH /boards/17",
      send: { label: "a" },
      headers: [...signed, ["X-CSRF-Token", RECORDED]],
    },
    args: { board_id: 23, label: "b" },
    guardOf: ({ headers }) => headers.get("x-csrf-token"),
  },
  {
    name: "WordPress: a nonce in a script",
    page: "/wp-admin/edit",
    answer: (guard) => `<script>var api = {"root":"\\/wp-json\\/","nonce":"${guard}"};</script>`,
    change: {
      to: "POST /wp-json/drafts",
      send: { title: "t" },
      headers: [...signed, ["X-WP-Nonce", RECORDED]],
      status: 201,
    },
    args: { title: "u" },
    guardOf: ({ headers }) => headers.get("x-wp-nonce"),
  },
  {
    name: "MediaWiki: a member of JSON, at an address with a query",
    page: "/w/api.php?action=query&meta=tokens&format=json",
    answer: (guard) => ({ query: { tokens: { csrftoken: guard } } }),
    change: { to: "POST /w/api.php", send: form({ action: "edit", text: "x", token: RECORDED }) },
    args: { text: "y" },
    guardOf: ({ body }) => new URLSearchParams(body).get("token"),
  },
];

function derived(origin: string, { page, answer, change }: Framework): ToolDefinition {
  const traces = recording([
    { to: `GET ${origin}${page}`, answer: answer(RECORDED) },
    { ...change, to: change.to.replace(" ", ` ${origin}`), answer: { ok: true } },
  ]);
  const tools = deriveTools(traces, {
    apiOrigins: [origin],
    credentials: { ...NO_SPOTS, headers: ["authorization"] },
  });
  const [method, path = ""] = change.to.split(" ");
  const tool = tools.find((one) =>
    one.method === method && one.path.split("/")[1] === path.split("/")[1] && one.body !== null
  );
  return validateTool(JSON.parse(JSON.stringify(tool)));
}

for (const framework of FRAMEWORKS) {
  Deno.test(`callAppTool() fetches what the page handed out: ${framework.name}`, async () => {
    await withApp(async (home) => {
      let issued = 0;
      await using site = new Site(({ method }) => {
        if (method !== "GET") return Response.json({ ok: true });
        const content = framework.answer(`fresh+guard/${++issued}==`);
        return typeof content === "string"
          ? html(content, { "set-cookie": `csrftoken=c${issued}; Path=/` })
          : Response.json(content);
      });
      const tool = derived(site.origin, framework);
      assert.ok(!JSON.stringify(tool).includes(RECORDED));
      const { properties } = tool.parameters as { properties: object };
      assert.deepEqual(Object.keys(properties).sort(), Object.keys(framework.args).sort());
      const headers = { Authorization: SESSION };
      await writeToken(home, APP, tokenState({ headers, origins: [site.origin] }));
      for (const turn of [1, 2]) {
        const ctx = fakeContext({ home: home.root });
        const { status } = await callAppTool(ctx, home, APP, tool, framework.args);
        assert.equal(status, 200);
        const [page, change] = site.seen.slice(-2) as [SeenRequest, SeenRequest];
        assert.equal(page.target, framework.page.replace("17", "23"));
        assert.equal(page.headers.get("authorization"), SESSION);
        assert.equal(framework.guardOf(change), `fresh+guard/${turn}==`);
        const cookie = framework.page.includes("api.php") ? null : `csrftoken=c${turn}`;
        assert.equal(change.headers.get("cookie"), cookie, "the cookie that goes with the token");
      }
    });
  });
}

Deno.test("deriveTools() never requires an anti-forgery value whose page was not recorded", () => {
  const [tool] = deriveTools(
    recording([{ to: "POST /notes", send: form({ _csrf: RECORDED, text: "a" }), status: 302 }]),
    { apiOrigins: [], credentials: NO_SPOTS },
  );
  assert.deepEqual((tool!.parameters as { required: string[] }).required, ["text"]);
});

Deno.test("deriveTools() takes no guard from a page that is somebody's", () => {
  const page = `<input type="hidden" name="authenticity_token" value="${RECORDED}">`;
  const [tool] = deriveTools(
    recording([
      { to: "GET /letters/8812/edit", answer: page },
      { to: "POST /notes", send: form({ authenticity_token: RECORDED, text: "a" }), status: 302 },
    ]),
    { apiOrigins: [], credentials: NO_SPOTS },
  );
  assert.equal(tool!.fetches, undefined);
});

Deno.test("deriveTools() leaves to the login what says who asks, and what reading needs", () => {
  const token = "eyJr.rEc0rded-T0ken-0123456789";
  const guard = [...signed, ["X-CSRF-Token", RECORDED]] as const;
  const tools = deriveTools(
    recording([
      { to: "GET /session", answer: { token }, answerHeaders: [["X-CSRF-Token", RECORDED]] },
      { to: "POST /notes", send: { token, text: "a" }, headers: guard },
      { to: "GET /notes", headers: guard, answer: [{ text: "a" }] },
    ]),
    {
      apiOrigins: [],
      credentials: { ...NO_SPOTS, headers: ["authorization", "x-csrf-token"], body: ["token"] },
    },
  );
  const [post, get] = ["POST", "GET"].map((method) =>
    tools.find((one) => one.method === method && one.path === "/notes")!
  );
  assert.equal(get!.fetches, undefined);
  assert.deepEqual(post!.fetches?.map(({ name, header }) => [name, header]), [
    ["X-CSRF-Token", "X-CSRF-Token"],
  ]);
  assert.deepEqual(post!.credentials?.body, ["token"]);
  assert.deepEqual(Object.keys((post!.parameters as { properties: object }).properties), ["text"]);
});

Deno.test("callAppTool() asks for the head alone where the app did, with the header that asks for the token", async () => {
  await withApp(async (home) => {
    await using site = new Site(({ method, headers }) =>
      method === "HEAD" && headers.get("x-csrf-token") === "Fetch"
        ? new Response(null, { headers: { "x-csrf-token": "fresh-guard-1" } })
        : Response.json({ ok: true })
    );
    const url = (path: string) => site.origin + path;
    const [tool] = deriveTools(
      recording([
        {
          to: `HEAD ${url("/service")}`,
          headers: [...signed, ["X-CSRF-Token", "Fetch"]],
          answer: null,
          answerHeaders: [["X-CSRF-Token", RECORDED]],
        },
        {
          to: `POST ${url("/service/notes")}`,
          send: { text: "a" },
          headers: [...signed, ["X-CSRF-Token", RECORDED]],
        },
      ]),
      { apiOrigins: [site.origin], credentials: NO_SPOTS },
    );
    const read = validateTool(JSON.parse(JSON.stringify(tool)));
    assert.equal(read.fetches?.[0]?.method, "HEAD");
    const headers = { Authorization: SESSION };
    await writeToken(home, APP, tokenState({ headers, origins: [site.origin] }));
    await callAppTool(fakeContext({ home: home.root }), home, APP, read, { text: "b" });
    const sent = site.seen.map((one) => [one.method, one.headers.get("x-csrf-token")]);
    assert.deepEqual(sent, [["HEAD", "Fetch"], ["POST", "fresh-guard-1"]]);
  });
});
