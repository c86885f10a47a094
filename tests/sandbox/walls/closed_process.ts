/**
 * A process with all of Deno's permissions that closes itself as a sandbox does, with the walls named in its
 * first argument, and whose Worker then tries everything. Prints what each attempt came to. The main isolate reads
 * too, more at once than the runtime's pool has threads of before, and connects by calls that the runtime does not make.
 */
import { closeProcess } from "../../../lib/sandbox/walls/close_process.ts";
import { openLibc } from "../../../lib/sandbox/walls/libc.ts";
import { connectOddly } from "./odd_connections.ts";

const { raised, readable, hosts, ...targets } = JSON.parse(Deno.args[0] ?? "{}");
const libc = openLibc(); // as machine code has it, which needs none of the runtime's leave
const report = closeProcess({ readable, hosts }, raised);
const worker = new Worker(new URL("./loose_worker.ts", import.meta.url), {
  type: "module",
});
worker.onmessage = ({ data }) => {
  if (data === "ready") return worker.postMessage(targets);
  void end(data);
};

async function end(attempts: Record<string, string>): Promise<void> {
  const reads = Array.from({ length: 8 }, () => Deno.readTextFile(targets.file));
  const done = (await Promise.allSettled(reads)).filter(({ status }) => status === "fulfilled");
  const readOnPool = done.length > 0 ? `did: ${done.length}` : "refused";
  const odd = connectOddly(libc, targets.canary);
  console.log(JSON.stringify({ report, attempts: { ...attempts, readOnPool, ...odd } }));
  Deno.exit(0);
}
