/**
 * A process with all of Deno's permissions that closes itself as a sandbox does, with the walls named in its
 * first argument, and whose Worker then tries everything. Prints what each attempt came to.
 */
import { closeProcess } from "../../../lib/sandbox/walls/close_process.ts";

const { raised, readable, hosts, ...targets } = JSON.parse(Deno.args[0] ?? "{}");
const report = closeProcess({ readable, hosts }, raised);
const worker = new Worker(new URL("./loose_worker.ts", import.meta.url), {
  type: "module",
});
worker.onmessage = ({ data }) => {
  if (data === "ready") return worker.postMessage(targets);
  console.log(JSON.stringify({ report, attempts: data }));
  Deno.exit(0);
};
