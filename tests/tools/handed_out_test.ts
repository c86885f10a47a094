/** Refusals that hand out what the request lacked, as the recording shows it: followed by one request with it. */
import assert from "node:assert/strict";
import type { HeaderList } from "../../lib/http/exchange.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import { callAppTool } from "../../lib/tools/call.ts";
import type { ToolDefinition } from "../../lib/tools/definition.ts";
import { NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { validateTool } from "../../lib/tools/tool_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";
import { type SeenRequest, Site } from "./site.ts";
import { type Exchanged, recording } from "./trace_builder.ts";

const SESSION = "Bearer s3cret-access-token";

interface Kind {
  readonly what: string;
  readonly status: number;
  readonly refusal: (value: string) => Pick<Exchanged, "answer" | "answerHeaders">;
  /** The request with the value, or, for the first of all, without it. */
  readonly request: (value: string | null) => Partial<Exchanged> & { readonly to: string };
  readonly valueOf: (request: SeenRequest) => string | null | undefined;
}

const withHeader = (name: string, value: string | null): HeaderList => [
  ["Authorization", SESSION],
  ...(value === null ? [] : [[name, value] as const]),
];
const job = { job: "wash" };

const KINDS: readonly Kind[] = [
  {
    what: "a session id in a header of the same name",
    status: 409,
    refusal: (value) => ({ answerHeaders: [["X-Spool-Session", value]] }),
    request: (value) => ({
      to: "POST /jobs",
      send: job,
      headers: withHeader("X-Spool-Session", value),
    }),
    valueOf: ({ headers }) => headers.get("x-spool-session"),
  },
  {
    what: "a value in a header of another name",
    status: 428,
    refusal: (value) => ({ answerHeaders: [["Replay-Nonce", value]] }),
    request: (value) => ({ to: "POST /jobs", send: job, headers: withHeader("X-Pass", value) }),
    valueOf: ({ headers }) => headers.get("x-pass"),
  },
  {
    what: "a member of JSON",
    status: 403,
    refusal: (value) => ({ answer: { error: "again", guard: { next: value } } }),
    request: (value) => ({ to: "POST /jobs", send: job, headers: withHeader("X-Pass", value) }),
    valueOf: ({ headers }) => headers.get("x-pass"),
  },
  {
    what: "a cookie that goes along",
    status: 419,
    refusal: (value) => ({ answerHeaders: [["Set-Cookie", `pass=${value}; Path=/`]] }),
    request: (value) => ({ to: "POST /jobs", send: job, headers: withHeader("X-Pass", value) }),
    valueOf: ({ headers }) =>
      headers.get("cookie") === `pass=${headers.get("x-pass")}` ? headers.get("x-pass") : undefined,
  },
  {
    what: "a value for the query",
    status: 409,
    refusal: (value) => ({ answer: { stamp: value } }),
    request: (value) => ({ to: `POST /jobs${value === null ? "" : `?at=${value}`}`, send: job }),
    valueOf: ({ target }) => new URL(target, "http://a").searchParams.get("at"),
  },
  {
    what: "a field of a form",
    status: 400,
    refusal: (value) => ({ answer: { stamp: value } }),
    request: (value) => ({
      to: "POST /jobs",
      send: new URLSearchParams({ ...job, ...(value === null ? {} : { at: value }) }),
    }),
    valueOf: ({ body }) => new URLSearchParams(body).get("at"),
  },
];

function derived(exchanges: readonly Exchanged[], origin: string): ToolDefinition {
  const tools = deriveTools(
    recording(exchanges.map((one) => ({ ...one, to: one.to.replace(" ", ` ${origin}`) }))),
    { apiOrigins: [origin], credentials: { ...NO_SPOTS, headers: ["authorization"] } },
  );
  return validateTool(JSON.parse(JSON.stringify(tools.find(({ path }) => path === "/jobs"))));
}

for (const { what, status, refusal, request, valueOf } of KINDS) {
  Deno.test(`callAppTool() follows a refusal that hands out ${what}, once`, async () => {
    const recorded = ["Rec0rded-0123456789", "Rec0rded-9876543210"];
    let current = "Fre5h-value-0000001";
    let done = 0;
    await using site = new Site((seen) => {
      if (valueOf(seen) === current) {
        done++;
        return Response.json({ ok: true });
      }
      const { answer = null, answerHeaders = [] } = refusal(current);
      const headers = answerHeaders.map(([name, value]): [string, string] => [name, value]);
      return Response.json(answer, { status, headers });
    });
    const tool = derived([
      { ...request(null), status, ...refusal(recorded[0]!) },
      { ...request(recorded[0]!), answer: { ok: true } },
      { ...request(recorded[0]!), status, ...refusal(recorded[1]!) },
      { ...request(recorded[1]!), answer: { ok: true } },
    ], site.origin);
    assert.doesNotMatch(JSON.stringify(tool), /Rec0rded/);
    await withApp(async (home) => {
      const headers = { Authorization: SESSION };
      await writeToken(home, APP, tokenState({ headers, origins: [site.origin] }));
      const call = () => callAppTool(fakeContext({ home: home.root }), home, APP, tool, job);
      assert.equal((await call()).status, 200);
      assert.deepEqual([site.seen.length, done], [2, 1]);
      current = "Fre5h-value-0000002";
      assert.equal((await call()).status, 200);
      assert.equal(done, 2);
      current = "";
      const before = site.seen.length;
      assert.equal((await call()).status, status);
      assert.ok(site.seen.length - before <= 2, "a refusal is followed once");
    });
  });
}

Deno.test("deriveTools() leaves to the caller what a refusal of another request, or of the value itself, names", () => {
  const id = "Box-0000-4711-AB";
  const tool = derived([
    { to: "POST /boxes", send: { label: "tea" }, status: 409, answer: { taken: id } },
    {
      to: "POST /jobs",
      send: { job: "Second-choice-1" },
      status: 400,
      answer: { bad: "Second-choice-1" },
    },
    { to: "POST /jobs", send: { job: "Second-choice-1", box: id }, answer: { ok: true } },
  ], "https://api.example.com");
  assert.equal(tool.fetches, undefined);
  const { properties } = tool.parameters as { properties: object };
  assert.deepEqual(Object.keys(properties).sort(), ["box", "job"]);
});
