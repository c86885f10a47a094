import assert from "node:assert/strict";
import type { AppError } from "../../lib/base/error.ts";
import type { JsonValue } from "../../lib/base/json.ts";
import type { Home } from "../../lib/store/home.ts";
import { marksOf } from "../../lib/token/answer_marks.ts";
import { writeSigns } from "../../lib/token/session_signs.ts";
import { readToken, writeToken } from "../../lib/token/token_file.ts";
import type { TokenState } from "../../lib/token/token_state.ts";
import { callAppTool } from "../../lib/tools/call.ts";
import type { ToolDefinition } from "../../lib/tools/definition.ts";
import { type FakeContext, fakeContext } from "../support/fake_context.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";
import { parametersOf, sampleTool } from "./sample_tool.ts";
import { type Answer, redirect, Site } from "./site.ts";

const LOGIN_PAGE =
  '<form action="/login" method="post"><input name="user"><input type="password" name="pw"></form>';
/** So that the app's script counts as one that refreshes. */
const SCRIPT = `export async function acquire_token() { return { headers: {} }; }
export async function refresh_token(current: string) { return { headers: { A: current } }; }
`;

const LISTED = { type: "object", properties: { notes: { type: "array" } }, required: ["notes"] };

interface Setup {
  readonly ctx: FakeContext;
  readonly home: Home;
  readonly site: Site;
  /** Refresh tokens the script was run with. */
  readonly refreshes: string[];
  call(
    tool?: Partial<ToolDefinition>,
    args?: Record<string, unknown>,
  ): ReturnType<typeof callAppTool>;
}

/** An API that is up, a home with a token for it, and a refresh that yields `Bearer renewed`. */
async function withCall(
  answer: Answer,
  token: Partial<TokenState> | null,
  work: (setup: Setup) => Promise<void>,
): Promise<void> {
  await withApp(async (home) => {
    await using site = new Site(answer);
    const ctx = fakeContext({ home: home.root });
    const refreshes: string[] = [];
    if (token !== null) {
      await writeToken(home, APP, tokenState({ origins: [site.origin], ...token }));
    }
    const call: Setup["call"] = (tool = {}, args = {}) =>
      callAppTool(
        ctx,
        home,
        APP,
        sampleTool({
          path: "/notes",
          parameters: parametersOf({ text: {} }),
          origin: site.origin,
          ...tool,
        }),
        args,
        {
          refresh: {
            run: (_, refreshToken) => {
              refreshes.push(refreshToken);
              return Promise.resolve({
                headers: { Authorization: "Bearer renewed" },
                expires_in: 600,
              });
            },
          },
        },
      );
    await work({ ctx, home, site, refreshes, call });
  }, { source: SCRIPT, record: { refresh: "recorded" } });
}

const onlyRenewed: Answer = ({ headers }) =>
  headers.get("authorization") === "Bearer renewed"
    ? Response.json({ notes: [] })
    : Response.json({ error: "expired" }, { status: 401 });

Deno.test("callAppTool() sends the stored token", async () => {
  await withCall(() => Response.json([]), {}, async ({ site, call, refreshes }) => {
    assert.equal((await call()).status, 200);
    assert.equal(site.seen[0]?.headers.get("authorization"), "Bearer access-token-1");
    assert.deepEqual(refreshes, []);
  });
});

Deno.test("callAppTool() refreshes an expired token before the call", async () => {
  await withCall(onlyRenewed, { expires_at: 1 }, async ({ site, call, refreshes }) => {
    assert.equal((await call()).status, 200);
    assert.equal(site.seen.length, 1);
    assert.deepEqual(refreshes, ["refresh-token-1"]);
  });
});

Deno.test("callAppTool() renews a session that ended and repeats what is safe, once", async (t) => {
  const dead: readonly [name: string, answer: Answer][] = [
    ["401", () => new Response(null, { status: 401 })],
    [
      "a redirect to the login page",
      ({ target }) =>
        target.startsWith("/login")
          ? new Response(LOGIN_PAGE, { headers: { "content-type": "text/html" } })
          : redirect("/login?next=/notes"),
    ],
    [
      "the login page in place of data",
      () => new Response(LOGIN_PAGE, { headers: { "content-type": "text/html" } }),
    ],
    [
      "a login page that a script draws",
      ({ target }) =>
        target.startsWith("/signin")
          ? new Response("<div id=app>", { headers: { "content-type": "text/html" } })
          : redirect("/signin"),
    ],
    [
      "GraphQL UNAUTHENTICATED",
      () =>
        Response.json({
          data: null,
          errors: [{ message: "x", extensions: { code: "UNAUTHENTICATED" } }],
        }),
    ],
  ];
  for (const [name, refusal] of dead) {
    await t.step(name, async () => {
      const answer: Answer = (request) =>
        request.headers.get("authorization") === "Bearer renewed"
          ? Response.json({ notes: [] })
          : refusal(request);
      await withCall(answer, {}, async ({ home, call, refreshes }) => {
        const response = await call();
        assert.deepEqual(response.content, { kind: "json", value: { notes: [] } });
        assert.deepEqual(refreshes, ["refresh-token-1"]);
        assert.equal((await readToken(home, APP))?.headers["Authorization"], "Bearer renewed");
      });
    });
  }
});

Deno.test("callAppTool() does not take other refusals for the end of the session", async (t) => {
  const alive: readonly [name: string, answer: Answer, tool?: Partial<ToolDefinition>][] = [
    ["403", () => Response.json({}, { status: 403 })],
    [
      "an error of JSON-RPC",
      () =>
        Response.json({
          jsonrpc: "2.0",
          error: { code: -32602, message: "Session terminated" },
          id: 1,
        }),
    ],
    [
      "another GraphQL code",
      () => Response.json({ errors: [{ message: "x", extensions: { code: "FORBIDDEN" } }] }),
    ],
    [
      "an error page",
      () =>
        new Response("<h1>Oops</h1>", { status: 500, headers: { "content-type": "text/html" } }),
    ],
    [
      "a page with a password field where pages are expected",
      () => new Response(LOGIN_PAGE, { headers: { "content-type": "text/html" } }),
      {
        answer: { status: 200, contentType: "text/html", schema: null },
      },
    ],
    [
      "a redirect within the API",
      ({ target }) => target === "/notes" ? redirect("/notes/") : Response.json([]),
    ],
  ];
  for (const [name, answer, tool] of alive) {
    await t.step(name, async () => {
      await withCall(answer, {}, async ({ home, call, refreshes }) => {
        await call(tool);
        assert.deepEqual(refreshes, []);
        assert.equal((await readToken(home, APP))?.stale, false);
      });
    });
  }
});

Deno.test("callAppTool() renews for a request that may not be repeated, and says so", async () => {
  await withCall(onlyRenewed, {}, async ({ site, call, refreshes }) => {
    const post = { method: "POST", safe: false } as const;
    await assert.rejects(call(post), (error: AppError) => {
      assert.equal(error.code, "AUTH_NEEDED");
      assert.match(error.message, /was not sent a second time$/);
      assert.equal(error.hint, "Make the same call again");
      return true;
    });
    assert.equal(site.seen.length, 1);
    assert.deepEqual(refreshes, ["refresh-token-1"]);
    assert.equal((await call(post)).status, 200);
  });
});

Deno.test("callAppTool() repeats PUT and DELETE, and GraphQL queries by POST", async () => {
  for (
    const tool of [{ method: "PUT", safe: false }, { method: "DELETE", safe: false }, {
      method: "POST",
      safe: true,
    }]
  ) {
    await withCall(onlyRenewed, {}, async ({ site, call }) => {
      assert.equal((await call(tool)).status, 200, tool.method);
      assert.equal(site.seen.length, 2);
    });
  }
});

Deno.test("callAppTool() answers the second 401 as it is", async () => {
  await withCall(
    () => new Response("no", { status: 401 }),
    {},
    async ({ site, call, refreshes }) => {
      assert.equal((await call()).status, 401);
      assert.equal(site.seen.length, 2);
      assert.equal(refreshes.length, 1);
    },
  );
});

Deno.test("callAppTool() does not pass off a login page as an answer", async () => {
  const page = () => new Response(LOGIN_PAGE, { headers: { "content-type": "text/html" } });
  await withCall(page, {}, async ({ call }) => {
    await assert.rejects(call(), { code: "AUTH_REFUSED", hint: `keysmith auth login ${APP}` });
  });
});

Deno.test("callAppTool() takes an answer that everybody gets for what it is, whatever the session", async (t) => {
  const json = (value: JsonValue) =>
    marksOf({ status: 200, isLogin: false, place: null, content: { kind: "json", value } });
  const [ada, nobody] = [{ user: { name: "Ada" }, theme: "light" }, { user: null, theme: "light" }];
  const app = (own: JsonValue): Answer => ({ target, headers }) => {
    const known = headers.get("authorization") === "Bearer renewed" ? ada : nobody;
    return Response.json(target === "/me" ? known : own);
  };
  const measured = async ({ home, site }: Setup) => {
    const request = { method: "GET", url: `${site.origin}/me` };
    await writeSigns(home, APP, [{ request, with: json(ada), without: json(nobody) }]);
  };
  await t.step("nothing about it speaks of a stranger", async () => {
    await withCall(app({ colour: "blue" }), {}, async (setup) => {
      await measured(setup);
      assert.equal((await setup.call()).status, 200);
      assert.equal(setup.refreshes.length, 1);
    });
  });
  await t.step(
    "this account lacks what the recorded one had, and a login has just been tried",
    async () => {
      const answer = { status: 200, contentType: "application/json", schema: LISTED };
      await withCall(app({ notes: null }), { refresh_token: null }, async (setup) => {
        await measured(setup);
        const fresh = tokenState({
          origins: [setup.site.origin],
          headers: { Authorization: "Bearer renewed" },
        });
        const response = await callAppTool(
          setup.ctx,
          setup.home,
          APP,
          sampleTool({
            path: "/notes",
            origin: setup.site.origin,
            parameters: parametersOf({ text: {} }),
            answer,
          }),
          {},
          { refresh: { login: () => Promise.resolve(fresh) } },
        );
        assert.equal(response.status, 200);
      });
    },
  );
});

Deno.test("callAppTool() knows a session of which a part is gone: what was granted is refused as the call is", async () => {
  const marks = (status: number) =>
    marksOf({ status, isLogin: false, place: null, content: { kind: "text", text: "" } });
  const guarded = (isAlike: boolean): Answer => ({ target, headers }) => {
    if (headers.get("authorization") === null) return new Response("", { status: 401 });
    if (headers.get("authorization") === "Bearer renewed") return new Response("fine");
    return target === "/me" && !isAlike
      ? new Response("fine")
      : new Response("Stale guard", { status: 403 });
  };
  for (const isAlike of [true, false]) {
    await withCall(guarded(isAlike), {}, async ({ home, site, call, refreshes }) => {
      const request = { method: "GET", url: `${site.origin}/me` };
      await writeSigns(home, APP, [{ request, with: marks(200), without: marks(401) }]);
      assert.equal((await call()).status, isAlike ? 200 : 403);
      assert.equal(refreshes.length, isAlike ? 1 : 0);
    });
  }
});

Deno.test("callAppTool() names the command to run when nobody is logged in", async () => {
  await withCall(() => new Response("ok"), null, async ({ site, call }) => {
    await assert.rejects(call(), { code: "AUTH_NEEDED", hint: `keysmith auth login ${APP}` });
    assert.equal(site.seen.length, 0);
  });
});

Deno.test("callAppTool() marks the token when it cannot be renewed", async () => {
  await withCall(onlyRenewed, { refresh_token: null }, async ({ home, call }) => {
    await assert.rejects(call(), { code: "AUTH_NEEDED" });
    assert.equal((await readToken(home, APP))?.stale, true);
  });
});

Deno.test("callAppTool() calls open tools with a good token of their origin, else without", async (t) => {
  const cases: readonly [name: string, token: Partial<TokenState> | null, sent: string | null][] = [
    ["a good one", {}, "Bearer access-token-1"],
    ["none", null, null],
    ["expired", { expires_at: 1 }, null],
    ["stale", { stale: true }, null],
    ["of another origin", { origins: ["https://api.example.com"] }, null],
  ];
  for (const [name, token, sent] of cases) {
    await t.step(name, async () => {
      await withCall(() => Response.json([]), token, async ({ site, call }) => {
        assert.equal((await call({ requiresAuth: false })).status, 200);
        assert.equal(site.seen[0]?.headers.get("authorization"), sent);
      });
    });
  }
});

Deno.test("callAppTool() refuses a tool of an origin the token does not belong to", async () => {
  await withCall(() => Response.json([]), {}, async ({ call }) => {
    await using other = new Site(() => new Response("ok"));
    await assert.rejects(call({ origin: other.origin }), { code: "ORIGIN_REFUSED" });
    assert.equal(other.seen.length, 0);
  });
});

Deno.test("callAppTool() puts query and body values only where the tool had them", async () => {
  const token = { query_params: { key: "K" }, body_params: { auth: "A", "params.session": "S" } };
  const post = {
    method: "POST",
    body: { kind: "json", template: { kind: "object", entries: [] } },
  } as const;
  await withCall(() => Response.json({}), token, async ({ site, call }) => {
    await call({ ...post, credentials: { query: [], body: ["params.session"] } });
    await call({ ...post, credentials: null });
    assert.deepEqual(site.seen.map(({ target, body }) => [target, JSON.parse(body)]), [
      ["/notes", { params: { session: "S" } }],
      ["/notes?key=K", { auth: "A", params: { session: "S" } }],
    ]);
  });
});

Deno.test("callAppTool() keeps a sliding session, but not what a refusal sets", async () => {
  let status = 200;
  const answer: Answer = () =>
    new Response("{}", {
      status,
      headers: { "set-cookie": `sid=next-${status}; Path=/`, "content-type": "application/json" },
    });
  await withCall(answer, { headers: { Cookie: "sid=first" } }, async ({ home, call }) => {
    await call();
    assert.equal((await readToken(home, APP))?.headers["Cookie"], "sid=next-200");
    status = 403;
    await call();
    assert.equal((await readToken(home, APP))?.headers["Cookie"], "sid=next-200");
  });
});

Deno.test("callAppTool() renews once for many calls at a time", async () => {
  await withCall(onlyRenewed, {}, async ({ call, refreshes }) => {
    const responses = await Promise.all(Array.from({ length: 8 }, () => call()));
    assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([200]));
    assert.deepEqual(refreshes, ["refresh-token-1"]);
  });
});

const HANDED_OUT: readonly {
  readonly what: string;
  readonly token: Partial<TokenState>;
  readonly tool: Partial<ToolDefinition>;
  readonly answer: Answer;
}[] = [
  {
    what: "a session id with 409, as a constant of the tool",
    token: {},
    tool: { headers: [["X-Session-Id", "recorded-session"]] },
    answer: ({ headers }) =>
      headers.get("x-session-id") === "second-session"
        ? Response.json({})
        : new Response(null, { status: 409, headers: { "X-Session-Id": "second-session" } }),
  },
  {
    what: "a session id with 409, of the token",
    token: { headers: { "X-Session-Id": "first-session" } },
    tool: {},
    answer: ({ headers }) =>
      headers.get("x-session-id") === "second-session"
        ? Response.json({})
        : new Response(null, { status: 409, headers: { "X-Session-Id": "second-session" } }),
  },
  {
    what: "an anti-forgery cookie with 403, repeated in a header",
    token: {
      headers: { Cookie: "sid=session-1; XSRF-TOKEN=guard-0001", "X-XSRF-TOKEN": "guard-0001" },
    },
    tool: {},
    answer: ({ headers }) =>
      headers.get("x-xsrf-token") === "guard-0002" &&
        headers.get("cookie") === "sid=session-1; XSRF-TOKEN=guard-0002"
        ? Response.json({})
        : new Response(null, {
          status: 403,
          headers: { "Set-Cookie": "XSRF-TOKEN=guard-0002; Path=/" },
        }),
  },
];

for (const { what, token, tool, answer } of HANDED_OUT) {
  Deno.test(`callAppTool() repeats a request once with ${what}`, async () => {
    await withCall(answer, token, async ({ site, call, home }) => {
      const post = { method: "POST", safe: false, ...tool };
      assert.equal((await call(post)).status, 200);
      assert.equal(site.seen.length, 2);
      if (tool.headers !== undefined) return;
      assert.equal((await call(post)).status, 200);
      assert.equal(site.seen.length, 3, "the token holds it from now on");
      assert.equal((await readToken(home, APP))?.stale, false);
    });
  });
}

Deno.test("callAppTool() repeats a refused request once, and takes no session from a refusal", async () => {
  let guard = 0;
  const answer: Answer = () =>
    new Response(null, {
      status: 403,
      headers: [
        ["Set-Cookie", `csrftoken=guard-000${++guard}; Path=/`],
        ["Set-Cookie", "sid=anonymous-session; Path=/"],
      ],
    });
  const headers = { Cookie: "sid=session-1; csrftoken=guard-0000" };
  await withCall(answer, { headers }, async ({ site, call, home }) => {
    assert.equal((await call()).status, 403);
    assert.equal(site.seen.length, 2);
    assert.equal(site.seen[1]?.headers.get("cookie"), "sid=session-1; csrftoken=guard-0001");
    assert.equal((await readToken(home, APP))?.headers["Cookie"], headers.Cookie);
  });
});
