import assert from "node:assert/strict";
import { describeForClient } from "../../lib/mcp/tool_description.ts";
import { ServiceTools } from "../../lib/ops/service_tools.ts";
import { openHome } from "../../lib/store/home.ts";
import { loadConfig } from "../../lib/store/load_config.ts";
import { startDesk } from "../resolve/desk.ts";

Deno.test("describeForClient() says the request first, then the words without their markup", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await desk.document({
    paths: {
      "/seats/{row}": {
        get: {
          operationId: "getSeat",
          summary: "Seat",
          description: '<p>One <b>seat</b>, see <a href="https://a.example">plans</a>.</p>',
          parameters: [{
            name: "row",
            in: "path",
            schema: { type: "string" },
            description: "<i>Row</i> of the seat",
          }],
        },
        delete: { operationId: "freeSeat" },
      },
    },
  });
  const ctx = desk.context();
  const service = (await loadConfig(ctx)).services.get("desk")!;
  const { tools } = await new ServiceTools(ctx, openHome(ctx), service).list();
  const described = tools.map((tool) =>
    describeForClient(tool.name, { summary: tool, owner: "desk" }, false)
  );
  assert.deepEqual(described.map(({ description }) => description), [
    "GET /seats/{row}: Seat\n\nOne seat, see plans.",
    "DELETE /seats/{row}",
  ]);
  assert.ok(JSON.stringify(described[0]!.inputSchema).includes('"Row of the seat"'));
});
