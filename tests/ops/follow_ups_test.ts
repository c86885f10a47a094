import assert from "node:assert/strict";
import { parseYaml } from "../../lib/base/yaml.ts";
import { ServiceTools } from "../../lib/ops/service_tools.ts";
import { openHome } from "../../lib/store/home.ts";
import { loadConfig } from "../../lib/store/load_config.ts";
import { startDesk } from "../resolve/desk.ts";

const DOCUMENT = `
paths:
  /boats:
    post:
      operationId: addBoat
      summary: Adds a boat
      responses:
        "201":
          description: ""
          links:
            read: { operationId: readBoat, parameters: { path.boat: "$response.body#/data/id" } }
            crew: { $ref: "#/components/links/Crew" }
            again: { operationId: addBoat, parameters: { page: "$response.body#/next" } }
            gone: { operationId: noSuch }
            elsewhere: { operationRef: "https://b.example/x.yaml#/paths/~1x/get" }
        "404": { description: "", links: { help: { operationId: readBoat } } }
  /boats/{boat}: { get: { operationId: readBoat, responses: { "200": { description: "" } } } }
  /boats/{boat}/crew:
    put: { responses: { "200": { description: "", links: { x: { $ref: "#/nowhere" } } } } }
components:
  links:
    Crew:
      operationRef: "#/paths/~1boats~1{boat}~1crew/put"
      parameters: { boat: "$response.header.X-Boat", by: "{$request.query.owner}", how: all }
      requestBody: "$response.body"
`;

Deno.test("a tool of a document says where its answer leads, by the names of tools", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await desk.document(parseYaml(DOCUMENT, "x.yaml") as never);
  const ctx = desk.context();
  const service = (await loadConfig(ctx)).services.get("desk")!;
  const { tools } = await new ServiceTools(ctx, openHome(ctx), service).list();
  assert.deepEqual(tools.map(({ name, description }) => [name, description]), [
    [
      "addBoat",
      "Adds a boat\n\nThe answer leads to: readBoat (boat: data.id of the answer); put_boats_boat_crew " +
      '(boat: header X-Boat of the answer, by: owner of this call, how: "all", body: the answer)',
    ],
    ["readBoat", "GET /boats/{boat}"],
    ["put_boats_boat_crew", "PUT /boats/{boat}/crew"],
  ]);
});
