/** Has the threads of this process's pool make a call, and prints what of that stays open. */
import { openLibc } from "../../../lib/sandbox/walls/libc.ts";
import { onPoolThreads } from "../../../lib/sandbox/walls/pool_threads.ts";

const libc = openLibc()!;
const before = openSignals();
const didAll = onPoolThreads(libc, [["prctl", 38, 1, 0, 0, 0]]);
const after = openSignals();
const threads = [...Deno.readDirSync("/proc/self/task")]
  .map(({ name }) => Deno.readTextFileSync(`/proc/self/task/${name}/status`));
const called = threads.filter((status) => /^NoNewPrivs:\t1$/m.test(status)).length;
// What closes the library waits for the threads' answers, which come in their own time.
for (let turn = 0; turn < 1000 && libraries() > 1; turn++) {
  await new Promise((resolve) => setTimeout(resolve, 10));
}
console.log(JSON.stringify({ didAll, before, after, called, libraries: libraries() }));

function openSignals(): number {
  return [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`).includes("eventfd");
    } catch {
      return false; // the folder itself, which is read no more
    }
  }).length;
}

function libraries(): number {
  const { internal, ...rest } = Deno as unknown as
    & { readonly internal: symbol }
    & Record<symbol, { readonly core: { resources(): Record<string, string> } }>;
  const { core } = rest[internal]!;
  return Object.values(core.resources()).filter((kind) => kind === "dynamicLibrary").length;
}
