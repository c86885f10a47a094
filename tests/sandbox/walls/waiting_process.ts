/** Closes itself as a sandbox does, with the walls named, says so, and waits: its threads are counted from outside. */
import { closeProcess } from "../../../lib/sandbox/walls/close_process.ts";

const raised = Deno.args.at(-1)!;
closeProcess({ readable: [], hosts: [] }, JSON.parse(raised));
Deno.stdout.writeSync(new TextEncoder().encode("closed\n"));
Deno.stdin.readSync(new Uint8Array(1));
Deno.exit(0);
