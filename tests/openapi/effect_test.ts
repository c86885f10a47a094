import assert from "node:assert/strict";
import { readCatalog } from "../../lib/openapi/catalog.ts";
import { readDocument } from "../../lib/openapi/document.ts";

function effectsOf(
  method: string,
  path: string,
  operation: Record<string, unknown>,
): Record<string, boolean> {
  const document = {
    openapi: "3.1.0",
    paths: { [path]: { [method]: { responses: {}, ...operation } } },
  };
  const { operations } = readCatalog(readDocument(JSON.stringify(document), "/api.json"));
  return { ...operations[0]!.effect };
}

Deno.test("effectOf() goes by method and name, and by what the document says of itself", () => {
  const asks = { safe: true, idempotent: true, destructive: false };
  const changes = { safe: false, idempotent: false, destructive: true };
  const cases: [string, string, Record<string, unknown>, Record<string, boolean>][] = [
    ["get", "/pets", {}, asks],
    ["put", "/pets/{id}", {}, { ...changes, idempotent: true }],
    ["post", "/pets", { operationId: "createPet" }, changes],
    ["post", "/pets", {}, changes],
    ["post", "/pets/search", {}, asks],
    ["post", "/pets:query", { operationId: "pets.query" }, asks],
    ["post", "/v2/x", { operationId: "SearchOrders" }, asks],
    ["post", "/v2/x", { operationId: "find_and_delete_orders" }, changes],
    ["post", "/searches", { operationId: "createSavedSearch" }, changes],
    ["post", "/orders/search/cancel", { operationId: "searchCancel" }, changes],
    ["post", "/list", { operationId: "addToList" }, changes],
    ["post", "/reports", { "x-read-only": true }, asks],
    ["post", "/search", { "x-safe": false }, changes],
    ["get", "/logout", { "x-read-only": false }, { ...changes, idempotent: true }],
    ["post", "/notes", { "x-destructive": false }, { ...changes, destructive: false }],
    ["post", "/notes", { "x-idempotent": true }, { ...changes, idempotent: true }],
  ];
  for (const [method, path, operation, effect] of cases) {
    assert.deepEqual(
      effectsOf(method, path, operation),
      effect,
      JSON.stringify([method, path, operation]),
    );
  }
});

Deno.test("effectOf() takes a POST for asking only where nothing in its name or path speaks against it", () => {
  const isSafe = (path: string, operationId?: string) =>
    effectsOf("post", path, operationId === undefined ? {} : { operationId }).safe;
  const writing: [string, string?][] = [
    ["/external-task/fetchAndLock", "fetchAndLock"],
    ["/external-task/fetchAndLock"],
    ["/jobs/get-and-claim", "getAndClaimJob"],
    ["/q/fetch", "popMessages"],
    ["/l/{id}/find", "playSoundToFind"],
    ["/l/{id}/find", "blinkLampToFind"],
    ["/x/list", "appendToList"],
    ["/y/count", "incrementCount"],
    ["/y/count", "decrementCount"],
    ["/z/query", "rotateQuery"],
    ["/z", "findOrMakeUser"],
    ["/lists/{id}/acquire", "getLease"],
    ["/tickets/search", "reticulate"],
    ["/queue/GETAndPop"],
    ["/x", "search.reticulate"],
  ];
  for (const [path, name] of writing) assert.equal(isSafe(path, name), false, `${path} ${name}`);
  const asking: [string, string?][] = [
    ["/pets/search", "petsSearch"],
    ["/pets/search", "pets_search"],
    ["/pets:lookup"],
    ["/orders/count", "getOrderCount"],
    ["/x", "orders.listAndCount"],
    ["/{index}/_search", "search.1"],
  ];
  for (const [path, name] of asking) assert.equal(isSafe(path, name), true, `${path} ${name}`);
});

Deno.test("effectOf() believes the extension that warns, whatever the method and the others say", () => {
  for (const method of ["get", "head", "post", "delete"]) {
    for (const other of [{}, { "x-read-only": true }, { "x-safe": true }]) {
      const { safe, destructive } = effectsOf(method, "/a", { ...other, "x-destructive": true });
      assert.deepEqual({ safe, destructive }, { safe: false, destructive: true }, method);
    }
  }
  assert.equal(effectsOf("get", "/a", { "x-readonly": true, "x-safe": false }).safe, false);
});
