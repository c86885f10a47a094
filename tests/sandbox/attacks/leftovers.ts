import { EXECUTABLE } from "../../support/keysmith.ts";

/** Sandbox processes that outlived their run, in words. Looks into `/proc`; finds nothing elsewhere. */
export async function leftoverProcesses(approvedHost: string): Promise<string[]> {
  if (Deno.build.os !== "linux") return [];
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const commandLine = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (!commandLine.includes("--keysmith-guest")) continue;
    const isOurs = EXECUTABLE === null
      ? commandLine.includes(approvedHost)
      : commandLine.startsWith(EXECUTABLE) && await isOrphan(name);
    if (isOurs) found.push(`the sandbox process ${name} is still there`);
  }
  return found;
}

async function isOrphan(pid: string): Promise<boolean> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  return /^PPid:\t1$/m.test(status);
}
