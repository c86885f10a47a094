/** A program that is watched over and then computes for ever. Its argument: how long it may, in seconds. */
import { interruptible } from "../../lib/cli/interrupt.ts";
import { watchOver } from "../../lib/cli/watch.ts";

await interruptible(async () => {
  watchOver(Number(Deno.args[0]));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  console.log("busy");
  while (true);
});
