/**
 * Where the sandbox process begins under `deno run`: no more of the program than a script needs. The
 * executable holds everything and begins in `main.ts`.
 */
import { runChild } from "./lib/sandbox/child.ts";

await runChild(Deno.args.slice(1));
Deno.exit(0); // a script that is busy would keep the process
