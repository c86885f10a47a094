import assert from "node:assert/strict";
import { nearName } from "../../lib/base/near_name.ts";

const TOOLS = ["listTickets", "createTicket", "getTicket", "get_me"];

const CASES: readonly (readonly [name: string, meant: string | undefined])[] = [
  ["list_tickets", "listTickets"],
  ["LISTTICKETS", "listTickets"],
  ["createTiket", "createTicket"],
  ["getTickets", "getTicket"],
  ["get-me", "get_me"],
  ["remove_all", undefined],
  ["me", undefined],
  ["", undefined],
  ["_", undefined],
];

for (const [name, meant] of CASES) {
  Deno.test(`nearName() of "${name}" is ${meant ?? "none"}`, () => {
    assert.equal(nearName(name, TOOLS), meant);
  });
}
