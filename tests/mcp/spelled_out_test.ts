import assert from "node:assert/strict";
import { spelledOut } from "../../lib/mcp/spelled_out.ts";

Deno.test("spelledOut() finds the words that initials stand for, those used most first", () => {
  const names = ["readDryDockReservation", "list_dry_dock_reservations", "draftDailyReport", "dds"];
  assert.deepEqual(spelledOut("ddr", names), [
    "dry dock reservation",
    "dry dock reservations",
  ]);
  assert.deepEqual(spelledOut("dd", names).slice(0, 1), ["dry dock"]);
  assert.deepEqual(spelledOut("xyz", names), []);
  assert.deepEqual(spelledOut("d", names), []);
  assert.deepEqual(spelledOut("größe", names), []);
});
