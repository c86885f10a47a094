import assert from "node:assert/strict";
import fc from "fast-check";
import { buildAppRequest } from "../../lib/tools/build_request.ts";
import { AppError } from "../../lib/base/error.ts";
import { validateTool } from "../../lib/tools/tool_file.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { parametersOf, sampleTool } from "./sample_tool.ts";

const param = (name: string) => ({ kind: "param", param: name }) as const;

Deno.test("validateTool() keeps a tool with every kind of value as it is", () => {
  const tool = sampleTool({
    method: "POST",
    query: [["v", { kind: "constant", value: null }], [
      "vars",
      { kind: "json-text", template: { kind: "array", items: [param("note_id")] } },
    ]],
    headers: [["X-Client", "web"]],
    body: { kind: "json", template: { kind: "object", entries: [["id", param("note_id")]] } },
    credentials: null,
    answer: null,
  });
  assert.deepEqual(validateTool(JSON.parse(JSON.stringify(tool))), tool);
  const text = sampleTool({ body: { kind: "text", value: param("note_id") } });
  assert.deepEqual(validateTool(text), text);
});

Deno.test("validateTool() names what is wrong", async (t) => {
  const cases: readonly [member: string, value: unknown, message: RegExp][] = [
    ["name", "Get Note", /"name" is not 1 to 64/],
    ["method", "get", /"method"/],
    ["method", "TRACE", /"method"/],
    ["method", "GET\r\nX: 1", /"method"/],
    ["origin", "https://api.example.com/", /"origin"/],
    ["origin", "ftp://api.example.com", /"origin"/],
    ["origin", "https://user@api.example.com", /"origin"/],
    ["path", "notes", /"path"/],
    ["path", "/notes?x=1", /"path"/],
    ["path", "/notes/../admin", /"path"/],
    ["path", "/notes/%2e%2E", /"path"/],
    ["path", "/no tes", /"path"/],
    ["path", "/notes/{other}", /"parameters" does not declare "other"/],
    ["query", [["a", { kind: "param", param: "other" }]], /"parameters" does not declare "other"/],
    ["query", [["a", { kind: "object", entries: [] }]], /kind "object"/],
    ["query", [["a", { kind: "nonsense" }]], /"kind" is not one of/],
    ["query", [["a"]], /"query"/],
    ["headers", [["X-A", "1\r\nX-B: 2"]], /"headers"/],
    ["headers", [["X A", "1"]], /"headers"/],
    ["body", { kind: "xml" }, /"kind"/],
    ["body", { kind: "json", template: { kind: "constant" } }, /has no "value"/],
    ["body", { kind: "text", value: { kind: "array", items: [] } }, /kind "array"/],
    ["parameters", [], /"parameters"/],
    ["requiresAuth", "yes", /"requiresAuth"/],
    ["credentials", { query: [] }, /"body"/],
    ["answer", { status: "200", contentType: null, schema: null }, /"status"/],
    ["traces", "t_0001", /"traces"/],
    ["extra", 1, /unknown member "extra"/],
  ];
  for (const [member, value, message] of cases) {
    await t.step(`${member} ${JSON.stringify(value)}`, () => {
      assert.throws(() => validateTool({ ...sampleTool(), [member]: value }), (error) => {
        assert.ok(error instanceof TypeError);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

Deno.test("validateTool() refuses templates that are nested without end", () => {
  let template: unknown = { kind: "constant", value: 1 };
  for (let depth = 0; depth < 100; depth++) template = { kind: "array", items: [template] };
  assert.throws(
    () => validateTool({ ...sampleTool(), body: { kind: "json", template } }),
    TypeError,
  );
});

/** A tool file with a few members replaced by anything. */
const damagedTools = fc.tuple(
  fc.constant(JSON.parse(JSON.stringify(sampleTool({
    method: "POST",
    query: [["q", param("q")]],
    body: { kind: "json", template: { kind: "object", entries: [["id", param("note_id")]] } },
    parameters: parametersOf({ note_id: { type: "integer" }, q: { type: "string" } }, ["note_id"]),
  }))) as Record<string, unknown>),
  fc.dictionary(
    fc.constantFrom(...Object.keys(sampleTool()), "extra"),
    fc.jsonValue({ maxDepth: 4 }),
  ),
).map(([tool, changes]) => ({ ...tool, ...changes }));

Deno.test("validateTool() takes any JSON apart without another error than its own", () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), damagedTools), (value) => {
      try {
        validateTool(value);
      } catch (error) {
        assert.ok(error instanceof TypeError, String(error));
      }
    }),
    { numRuns: fuzzRuns(500) },
  );
});

Deno.test("buildAppRequest() never leaves the origin and the path of a valid tool", () => {
  const tool = sampleTool({
    path: "/a/{x}/b/{y}.json",
    query: [["q", param("q")]],
    parameters: parametersOf({ x: {}, y: {}, q: {} }),
  });
  fc.assert(
    fc.property(
      fc.record({
        x: fc.jsonValue({ maxDepth: 1 }),
        y: fc.string({ unit: "binary" }),
        q: fc.string({ unit: "binary" }),
      }),
      (args) => {
        let request;
        try {
          request = buildAppRequest(tool, JSON.parse(JSON.stringify(args)));
        } catch (error) {
          assert.ok(error instanceof AppError, String(error));
          return;
        }
        const url = new URL(request.url);
        assert.equal(url.origin, tool.origin);
        assert.match(url.pathname, /^\/a\/[^/]+\/b\/[^/]+\.json$/);
        assert.equal(url.hash, "");
        assert.equal(url.searchParams.get("q"), args.q);
      },
    ),
    { numRuns: fuzzRuns(100) },
  );
});
