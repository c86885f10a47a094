import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { OwnerTools } from "../../lib/mcp/owner_tools.ts";
import type { ToolListing, ToolOwner } from "../../lib/ops/tool_owner.ts";

Deno.test("OwnerTools tries an owner again that was late and failed, waits for it no more, and tells of news alone", async () => {
  const readings: PromiseWithResolvers<ToolListing>[] = [];
  const owner = {
    name: "far",
    kind: "service",
    list: () => {
      const reading = Promise.withResolvers<ToolListing>();
      readings.push(reading);
      return reading.promise;
    },
  } as unknown as ToolOwner;
  let news = 0;
  const tools = new OwnerTools(owner, () => news++);
  /** The reading that goes on ends. */
  const end = async (how: (reading: PromiseWithResolvers<ToolListing>) => void) => {
    how(readings.at(-1)!);
    await tools.settle(owner);
  };
  const fail = (reading: PromiseWithResolvers<ToolListing>) =>
    reading.reject(new AppError("UNREACHABLE", "no answer"));
  await tools.refresh(owner, 5);
  assert.equal(tools.status.state, "loading");
  await end(fail);
  assert.deepEqual([tools.status.state, tools.status.problem, news], ["failed", "no answer", 1]);
  for (let times = 0; times < 2; times++) {
    // With a wait that no test would survive.
    await tools.refresh(owner, 3_600_000);
    assert.deepEqual([tools.status.state, tools.status.problem], ["failed", "no answer"]);
    await end(fail);
  }
  assert.deepEqual([readings.length, news], [3, 1]);
  await tools.refresh(owner, 3_600_000);
  await end((reading) => reading.resolve({ tools: [{ name: "x" } as never], skipped: [] }));
  assert.deepEqual([tools.status.state, tools.tools.length, news], ["ready", 1, 2]);
});
