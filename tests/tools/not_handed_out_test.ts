/** Pages before a call that do not hand out what it needs: the call is not sent, unless a renewal mends that. */
import assert from "node:assert/strict";
import { marksOf } from "../../lib/token/answer_marks.ts";
import { writeSigns } from "../../lib/token/session_signs.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import { callAppTool } from "../../lib/tools/call.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";
import { parametersOf, sampleTool } from "./sample_tool.ts";
import { type Answer, redirect, Site } from "./site.ts";

const SCRIPT = `export async function acquire_token() { return { headers: {} }; }
export async function refresh_token(current: string) { return { headers: { A: current } }; }
`;
const html = (text: string, status = 200) =>
  new Response(text, { status, headers: { "content-type": "text/html" } });
const form = (guard: string, rest = "") =>
  html(`<form method="post" action="/pots"><input name="_csrf" value="${guard}">${rest}</form>`);

/** What was sent in a write after a session, for which `/pots/new` hands out a token. */
async function written(page: Answer, isMeasured = false) {
  const requests: string[] = [];
  let refreshes = 0;
  let failed: { code: string; message: string } | null = null;
  await withApp(async (home) => {
    await using site = new Site((request) => {
      const isRenewed = request.headers.get("authorization") === "Bearer renewed";
      requests.push(`${request.method} ${request.target} ${request.body}`.trim());
      if (request.target === "/me") {
        return Response.json(isRenewed ? { me: 1 } : {}, { status: isRenewed ? 200 : 401 });
      }
      if (request.method === "POST") return Response.json({ ok: true });
      if (request.target === "/pots/new" && isRenewed && refreshes > 0) return form("good-guard");
      return page(request);
    });
    await writeToken(home, APP, tokenState({ origins: [site.origin] }));
    if (isMeasured) {
      const marks = (status: number) =>
        marksOf({
          status,
          content: { kind: "json", value: {} },
          isLogin: status === 401,
          place: null,
        });
      const request = { method: "GET", url: `${site.origin}/me` };
      await writeSigns(home, APP, [{ request, with: marks(200), without: marks(401) }]);
    }
    const tool = sampleTool({
      origin: site.origin,
      method: "POST",
      path: "/pots",
      safe: false,
      parameters: parametersOf({ text: {} }),
      body: {
        kind: "form",
        fields: [["_csrf", { kind: "fetched", fetch: "_csrf" }], ["text", {
          kind: "param",
          param: "text",
        }]],
      },
      fetches: [{
        name: "_csrf",
        header: null,
        path: "/pots/new",
        query: [],
        from: { kind: "input", name: "_csrf" },
      }],
    });
    const run = () => {
      refreshes++;
      return Promise.resolve({ headers: { Authorization: "Bearer renewed" }, expires_in: 600 });
    };
    try {
      await callAppTool(fakeContext({ home: home.root }), home, APP, tool, { text: "a" }, {
        refresh: { run },
      });
    } catch (error) {
      failed = error as { code: string; message: string };
    }
  }, { source: SCRIPT, record: { refresh: "recorded" } });
  return { requests, refreshes, failed: failed as { code: string; message: string } | null };
}

Deno.test("a write whose page led to the login is sent once, after a renewal, with the page's own token", async () => {
  const login: Answer = ({ target }) =>
    target === "/enter"
      ? form("of-login", '<input type="password" name="pw">')
      : redirect("/enter");
  const { requests, refreshes, failed } = await written(login);
  assert.equal(failed, null);
  assert.equal(refreshes, 1);
  assert.deepEqual(requests.filter((one) => one.startsWith("POST")), [
    "POST /pots _csrf=good-guard&text=a",
  ]);
});

Deno.test("a write whose page led elsewhere is renewed where a measured request says that the session is over", async () => {
  const home: Answer = ({ target }) => target === "/" ? form("of-home") : redirect("/");
  const measured = await written(home, true);
  assert.deepEqual(measured.requests.filter((one) => one.startsWith("POST")), [
    "POST /pots _csrf=good-guard&text=a",
  ]);
  const { requests, refreshes, failed } = await written(home);
  assert.ok(!requests.some((one) => one.startsWith("POST")) && refreshes === 0);
  assert.match(failed!.message, /GET .*\/pots\/new.* led to ".*\/"; "POST .*\/pots" was not sent/);
});

for (
  const [what, page, code, words] of [
    ["is gone", () => html("gone", 404), "UPSTREAM_REFUSED", /answered with status 404/],
    ["fails", () => html("down", 502), "UPSTREAM_FAILED", /answered with status 502/],
    ["holds no such field", () => html("<p>Pots</p>"), "UPSTREAM_REFUSED", /does not hold "_csrf"/],
  ] as const
) {
  Deno.test(`a write whose page ${what} is not sent, and the error says so`, async () => {
    const { requests, failed } = await written(page);
    assert.deepEqual(requests, ["GET /pots/new"]);
    assert.equal(failed?.code, code);
    assert.match(failed.message, words);
    assert.match(failed.message, /"POST .*\/pots" was not sent$/);
  });
}
