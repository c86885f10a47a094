import assert from "node:assert/strict";
import { lookAnew, recently } from "../../lib/base/recently.ts";

Deno.test("recently() looks once for many calls of a server, and anew when told", async () => {
  const server = { heldConfig: { last: null, problem: null } };
  let looks = 0;
  const look = () => Promise.resolve(++looks);
  const many = await Promise.all(Array.from({ length: 50 }, () => recently(server, "a", look)));
  assert.deepEqual(new Set(many), new Set([1]));
  assert.equal(await recently(server, "b", look), 2, "another thing");
  lookAnew(server);
  assert.equal(await recently(server, "a", look), 3);
  const other = { heldConfig: { last: null, problem: null } };
  assert.equal(await recently(other, "a", look), 4, "another server");
});

Deno.test("recently() keeps no failure, and nothing outside of a server", async () => {
  const server = { heldConfig: { last: null, problem: null } };
  await assert.rejects(recently(server, "a", () => Promise.reject(new Error("no"))));
  assert.equal(await recently(server, "a", () => Promise.resolve(1)), 1);
  let looks = 0;
  for (let times = 0; times < 3; times++) await recently({}, "a", () => Promise.resolve(++looks));
  assert.equal(looks, 3);
});
