/**
 * Writes the operations of a document, without their schemas, for the tests of the search:
 *
 *     deno run -A scripts/search_fixtures.ts NAME DOCUMENT
 *
 * The documents are in the npm packages that `fixtures/README.md` names. With schemas they have 20 MB, and
 * their packages 800 MB.
 */
import { readCatalog } from "../lib/openapi/catalog.ts";
import { readDocument } from "../lib/openapi/document.ts";
import type { ServiceConfig } from "../lib/base/config.ts";
import { requestSummary } from "../lib/ops/service_listing.ts";

/** Of a description, in UTF-16 units: what comes after says little of what an operation is for. */
const MAX_DESCRIPTION_LENGTH = 300;

if (import.meta.main) {
  const [name = "", document = ""] = Deno.args;
  const catalog = readCatalog(readDocument(await Deno.readTextFile(document), "/api.json"));
  const service = { server: "https://api.example", attach: [], serverVariables: {}, origins: null };
  const operations = catalog.operations.map((operation) => {
    const summary = requestSummary(catalog, service as unknown as ServiceConfig, operation);
    const { method, path, tags, words } = summary;
    const description = summary.description.slice(0, MAX_DESCRIPTION_LENGTH);
    return { name: summary.name, method, path, description, tags, words };
  });
  const lines = operations.map((operation) => JSON.stringify(operation)).join("\n");
  const packed = new Blob([lines]).stream().pipeThrough(new CompressionStream("gzip"));
  const file = new URL(`../fixtures/operations/${name}.jsonl.gz`, import.meta.url);
  await Deno.writeFile(file, packed);
  console.log(name, operations.length, (await Deno.stat(file)).size);
}
