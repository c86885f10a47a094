/** Writes to stdout in every way there is, while the guard is on and once more when it is off. */
import process from "node:process";
import { guardStdout } from "../../lib/mcp/stdout_guard.ts";

const encoder = new TextEncoder();
const guard = guardStdout();
console.log("noise log");
console.info("noise info");
console.debug("noise debug");
console.table([{ noise: 1 }]);
console.dir({ noise: 2 });
console.group("noise group");
console.groupEnd();
Deno.stdout.writeSync(encoder.encode("noise sync\n"));
await Deno.stdout.write(encoder.encode("noise async\n"));
process.stdout.write("noise process\n");
process.getBuiltinModule("node:process").stdout.write("noise builtin\n");
await guard.write(encoder.encode("protocol\n"));
guard.restore();
console.log("after");
Deno.stdout.writeSync(encoder.encode("after sync\n"));
