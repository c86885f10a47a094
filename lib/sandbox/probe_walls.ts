/** Starts a sandbox process without a script, to hear from it which walls of the system stand around it. */
import { startSandboxProcess } from "./child_process.ts";
import { LineTooLong, readLines } from "./line_reader.ts";
import { DEFAULT_GUEST_LIMITS, MAX_LINE_BYTES } from "./limits.ts";
import { type GuestConfig, readGuestMessage } from "./protocol.ts";
import { connectsTo } from "./reach.ts";
import type { WallReport } from "./walls/wall_report.ts";

const TIMEOUT_MS = 30_000;

/** A host as most scripts have one; nothing connects to it. */
const REACH = { hosts: ["login.example.com:443"], replayPort: null, plainHttp: false };

/** `null` where such a process does not start. */
export async function probeWalls(): Promise<WallReport | null> {
  const process = await startSandboxProcess(connectsTo(REACH));
  const timer = setTimeout(() => process.kill("SIGKILL"), TIMEOUT_MS);
  try {
    const nonce = crypto.randomUUID();
    await send(process, configOf(nonce));
    return await reportIn(process, nonce);
  } finally {
    clearTimeout(timer);
    await end(process);
  }
}

function configOf(nonce: string): GuestConfig {
  const { cpuMs, memoryBytes } = DEFAULT_GUEST_LIMITS;
  const parts = { cookies: false, html: false };
  return { nonce, reach: REACH, parts, watched: [], cpuMs, memoryBytes };
}

async function send(process: Deno.ChildProcess, config: GuestConfig): Promise<void> {
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${JSON.stringify(config)}\n`)).catch(() => {});
  writer.releaseLock();
}

async function reportIn(process: Deno.ChildProcess, nonce: string): Promise<WallReport | null> {
  try {
    for await (const line of readLines(process.stdout, MAX_LINE_BYTES)) {
      if (!line.startsWith(`${nonce} `)) continue;
      const message = readGuestMessage(line.slice(nonce.length + 1));
      if (message?.kind === "walls") return message.walls;
    }
  } catch (thrown) {
    if (!(thrown instanceof LineTooLong)) throw thrown;
  }
  return null;
}

/** Waits until it is gone, with no pipe left open. */
async function end(process: Deno.ChildProcess): Promise<void> {
  try {
    process.kill("SIGKILL");
  } catch (thrown) {
    if (!(thrown instanceof TypeError) && !(thrown instanceof Deno.errors.NotFound)) throw thrown;
  }
  await process.status;
  await Promise.allSettled([
    process.stdin.abort(),
    process.stderr.cancel(),
    process.stdout.locked ? undefined : process.stdout.cancel(),
  ]);
}
