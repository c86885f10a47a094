/** Pages with several forms, each with a token of its own under one name: a call takes that of its own form. */
import assert from "node:assert/strict";
import { writeToken } from "../../lib/token/token_file.ts";
import { callAppTool } from "../../lib/tools/call.ts";
import { NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { validateTool } from "../../lib/tools/tool_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";
import { type SeenRequest, Site } from "./site.ts";
import { recording } from "./trace_builder.ts";

/** `guard`: makes the token of the form with this name. */
type Guard = (form: string) => string;

interface Kind {
  readonly what: string;
  readonly page: string;
  readonly to: (thing: string) => string;
  readonly html: (guard: Guard, thing: string) => string;
  readonly sent: Record<string, string>;
  readonly args: Record<string, unknown>;
}

const form = (action: string, guard: string, rest = "") =>
  `<form method="post" action="${action}"><input type="hidden" name="_csrf" value="${guard}">${rest}</form>`;
const leave = (guard: Guard) => form("/leave", guard("leave"));
const title = '<input name="title" value="Old">';

const KINDS: readonly Kind[] = [
  {
    what: "the form that leads where the call goes, of the thing that it is about",
    page: "/boats/{}/edit",
    to: (thing) => `/boats/${thing}/edit`,
    html: (guard, thing) => leave(guard) + form(`/boats/${thing}/edit`, guard("own"), title),
    sent: { title: "New" },
    args: { boat_id: 23, title: "Newer" },
  },
  {
    what: "the form with the call's fields, where all lead to the page itself",
    page: "/settings",
    to: () => "/settings",
    html: (guard) => form("", guard("mail"), '<input name="mail">') + form("", guard("own"), title),
    sent: { title: "New" },
    args: { title: "Newer" },
  },
  {
    what: "the row's form, by what its hidden field holds",
    page: "/rows",
    to: () => "/rows/archive",
    html: (guard) =>
      ["rowaaa", "rowbbb", "rowccc"].map((row) =>
        form("/rows/archive", guard(row), `<input type="hidden" name="row" value="${row}">`)
      ).join(""),
    sent: { row: "rowbbb" },
    args: { row: "rowccc" },
  },
  {
    what: "the place among the forms, where a script sends elsewhere",
    page: "/desk",
    to: () => "/api/save",
    html: (guard) => form("/leave", guard("leave")) + form("/other", guard("own")),
    sent: { text: "New" },
    args: { text: "Newer" },
  },
];

for (const { what, page, to, html, sent, args } of KINDS) {
  Deno.test(`a write takes its token from ${what}`, async () => {
    await withApp(async (home) => {
      const recorded = html((name) => `recorded-guard-of-${name}`, "17");
      const own = "row" in args ? String(args["row"]) : "own";
      await using site = new Site(({ method, target }) => {
        if (method !== "GET") return Response.json({ ok: true });
        const thing = /\d+/.exec(target)?.[0] ?? "17";
        const text = html((name) => `fresh-guard-of-${name}`, thing);
        return new Response(text, { headers: { "content-type": "text/html" } });
      });
      const guard = `recorded-guard-of-${sent["row"] ?? "own"}`;
      const tools = deriveTools(
        recording([
          { to: `GET ${site.origin}${page.replace("{}", "17")}`, answer: recorded },
          {
            to: `POST ${site.origin}${to("17")}`,
            send: new URLSearchParams({ _csrf: guard, ...sent }),
            answer: { ok: true },
          },
        ]),
        { apiOrigins: [site.origin], credentials: { ...NO_SPOTS, headers: ["authorization"] } },
      );
      const tool = validateTool(
        JSON.parse(JSON.stringify(tools.find(({ method }) => method === "POST"))),
      );
      await writeToken(home, APP, tokenState({ origins: [site.origin] }));
      await callAppTool(fakeContext({ home: home.root }), home, APP, tool, args);
      const change: SeenRequest = site.seen.at(-1)!;
      assert.equal(new URLSearchParams(change.body).get("_csrf"), `fresh-guard-of-${own}`);
      assert.ok(site.seen.length === 2 && change.target === to("23"));
    });
  });
}
