/**
 * `deno task bench:model [NAME…]`: logins that correlation cannot derive, completed by what a model finds out
 * (fixtures/apps/found), and what each costs in tokens. Ends in exit code 1 when one is not logged in to or
 * costs more than it may.
 */
import { SECOND } from "../fixtures/apps/parts/accounts.ts";
import { FOUND_NAMES } from "../fixtures/apps/found/registry.ts";
import { messageOf } from "../lib/base/error.ts";
import { MAX_INPUT, MAX_OUTPUT, tokensOf, tryFound } from "../tests/support/found_trial.ts";

if (import.meta.main) {
  console.log(row(["login", "rounds", "tokens in", "tokens out", "second user"]));
  for (const name of Deno.args.length > 0 ? Deno.args : FOUND_NAMES) {
    if (!await measure(name)) Deno.exitCode = 1;
  }
}

async function measure(name: string): Promise<boolean> {
  try {
    const { app, after, model, shown } = await tryFound(name);
    const { input, output } = tokensOf(model, app);
    const isIn = after.result === "script" && shown.includes(SECOND.name);
    const outcome = isIn ? "logged in" : after.reasons.join("; ");
    console.log(row([name, model.requests.length, input, output, outcome]));
    return isIn && input <= MAX_INPUT && output <= MAX_OUTPUT;
  } catch (error) {
    console.log(row([name, "", "", "", messageOf(error)]));
    return false;
  }
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell, index) => String(cell).padEnd(index === 0 ? 22 : 12)).join("").trimEnd();
}
