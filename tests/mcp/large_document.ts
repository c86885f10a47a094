/** A document with as many operations as are wanted, in the shape of the large public ones: long ids, schemas. */

const THINGS = [
  "message",
  "folder",
  "calendar",
  "contact",
  "drive",
  "list",
  "site",
  "team",
  "plan",
  "task",
];

export function largeDocument(operations: number, server: string): Record<string, unknown> {
  const paths: Record<string, unknown> = {};
  for (let at = 0; at < operations; at++) {
    const thing = THINGS[at % THINGS.length]!;
    const group = `region${Math.floor(at / THINGS.length)}`;
    paths[`/${group}/${thing}s/{${thing}-id}`] = {
      get: {
        operationId: `${group}.organizationalUnits.${thing}s.GetSharedExtendedProperties${thing}`,
        summary: `Get ${thing} of ${group}`,
        description: `Read the properties of one ${thing}. `.repeat(8),
        tags: [group],
        parameters: [
          { name: `${thing}-id`, in: "path", required: true, schema: { type: "string" } },
          ...["$select", "$expand", "$orderby"].map((name) => ({
            name,
            in: "query",
            description: "Which properties, in which order",
            schema: { type: "array", items: { type: "string", enum: wordsFor(thing) } },
          })),
        ],
        responses: {
          200: {
            description: "One",
            content: { "application/json": { schema: { $ref: `#/components/schemas/${thing}` } } },
          },
        },
      },
    };
  }
  const schemas = Object.fromEntries(THINGS.map((thing) => [thing, {
    type: "object",
    properties: Object.fromEntries(wordsFor(thing).map((name) => [name, { type: "string" }])),
  }]));
  return {
    openapi: "3.0.3",
    info: { title: "Large", version: "1" },
    servers: [{ url: server }],
    paths,
    components: { schemas },
  };
}

function wordsFor(thing: string): string[] {
  return Array.from({ length: 12 }, (_, at) => `${thing}Property${at}`);
}
