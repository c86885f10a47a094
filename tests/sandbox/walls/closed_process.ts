/**
 * A process with all of Deno's permissions that closes itself as a sandbox does, with the walls named in its
 * first argument, and whose Worker then tries everything. Prints what each attempt came to. The main isolate reads
 * too, more at once than the runtime's pool has threads of before.
 */
import { closeProcess } from "../../../lib/sandbox/walls/close_process.ts";

const { raised, readable, hosts, ...targets } = JSON.parse(Deno.args[0] ?? "{}");
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
  console.log(JSON.stringify({ report, attempts: { ...attempts, readOnPool } }));
  Deno.exit(0);
}
