import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { ToolCatalog } from "../../lib/mcp/tool_catalog.ts";
import { compiled } from "../../lib/ops/compile_apart.ts";
import { openCompiled } from "../../lib/ops/compiled_catalog.ts";
import { catalogPath } from "../../lib/ops/catalog_cache.ts";
import type { CompileJob } from "../../lib/ops/compile_documents.ts";
import { loadConfig } from "../../lib/store/load_config.ts";
import { largeDocument } from "../mcp/large_document.ts";
import { type Desk, startDesk } from "../resolve/desk.ts";

/** Aliases of aliases: `levels` lines stand for `width ** levels` values. */
function bomb(levels: number, width: number): string {
  const lines = Array.from({ length: levels }, (_, at) => {
    const items = at === 0 ? "x" : `*a${at - 1}`;
    return `  a${at}: &a${at} [${Array(width).fill(items).join(", ")}]`;
  });
  return `openapi: 3.1.0\npaths: {}\nx-bomb:\n${lines.join("\n")}\n`;
}

async function jobFor(desk: Desk, text: string): Promise<CompileJob> {
  await desk.configure({});
  const file = `${desk.folder}/api.json`;
  await Deno.writeTextFile(file, text);
  const service = (await loadConfig(desk.context())).services.get("desk")!;
  const sources = [{ location: file, file }];
  return { service, sources, unread: [], prefix: `${desk.home}/catalogs/desk-test-` };
}

/** As much as a child needs for a document of usual size. */
const LIMITS = { timeoutMs: 60_000, memoryBytes: 200 * 1024 * 1024 };

Deno.test("a large document is compiled by a child, for this process to open", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const job = await jobFor(desk, JSON.stringify(largeDocument(900, desk.origin)));
  const { digest, read } = await compiled(desk.context(), job, LIMITS);
  assert.equal(read, null);
  assert.equal(openCompiled(catalogPath(job.prefix, digest))?.listing.tools.length, 900);
  const again = await compiled(desk.context(), job, LIMITS);
  assert.equal(again.digest, digest);
});

Deno.test("a document that costs too much is an error that says so, and costs this process nothing", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const job = await jobFor(desk, bomb(7, 10));
  const before = Deno.memoryUsage().rss;
  for (
    const [limits, message] of [
      [LIMITS, /takes more than 200 MiB of memory to read$/],
      [{ ...LIMITS, timeoutMs: 1 }, /takes longer than 0\.001 s to read$/],
    ] as const
  ) {
    await assert.rejects(compiled(desk.context(), job, limits), (error: AppError) => {
      assert.equal(error.code, "UNSUPPORTED");
      assert.match(error.message, message);
      return error.details.limit !== undefined;
    });
  }
  assert.ok(Deno.memoryUsage().rss - before < 100 * 1024 * 1024);
});

Deno.test("what is wrong with a document is said in its own words, whoever read it", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const large = `openapi: 3.1.0\nx: "${"y".repeat(300_000)}"\npaths: [\n`;
  await assert.rejects(
    compiled(desk.context(), await jobFor(desk, large), LIMITS),
    (error: AppError) => error.code === "BAD_INPUT" && /api\.json":\d+:\d+: /.test(error.message),
  );
  const stop = new AbortController();
  const ctx = { ...desk.context(), signal: stop.signal };
  const running = compiled(ctx, await jobFor(desk, bomb(7, 10)), LIMITS);
  stop.abort();
  await assert.rejects(running, { code: "INTERRUPTED" });
});

Deno.test("an exploding document is the failure of its owner alone, and says why", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const services = { desk: { openapi: "api.json" }, bomb: { openapi: "bomb.yaml" } };
  await Deno.writeTextFile(`${desk.folder}/bomb.yaml`, bomb(9, 10));
  await Deno.writeTextFile(`${desk.folder}/keysmith.json`, JSON.stringify({ services }));
  const catalog = new ToolCatalog(desk.context(), { only: [] });
  const tools = await catalog.settled();
  assert.equal(tools.size, 3);
  const problem = catalog.status().find(({ owner }) => owner === "bomb")?.problem ?? "";
  assert.match(problem, /bomb\.yaml": its aliases stand for too many values\. Hint: /);
});
