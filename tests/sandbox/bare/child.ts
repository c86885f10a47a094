/** A sandbox process without compartment: starts `worker.ts` with the sandbox's permissions. */
import { workerPermissions } from "../../../lib/sandbox/child.ts";

const [approved = "", ...targets] = Deno.args;
const permissions = workerPermissions({ hosts: [approved], replayPort: null, plainHttp: false });
const worker = new Worker(new URL("./worker.ts", import.meta.url), {
  type: "module",
  deno: { permissions },
});
worker.onmessage = ({ data }) => {
  if (data === "ready") return worker.postMessage([approved, ...targets]);
  console.log(JSON.stringify(data));
  worker.terminate();
};
