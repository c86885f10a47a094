import { runCli } from "./lib/cli/run.ts";

if (Deno.args[0] === "--keysmith-guest") {
  const { runChild } = await import("./lib/sandbox/child.ts");
  await runChild();
} else {
  Deno.exit(await runCli(Deno.args));
}
