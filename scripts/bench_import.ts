/**
 * Speed and memory of `capture import`: `deno task bench:import [MEGABYTES…]` (100 and 300 without one). Writes a
 * HAR of that size, imports it in a process of its own, and prints megabytes per second and the largest
 * resident memory, where the system tells it (`VmHWM` of proc(5)).
 */
import { join } from "node:path";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const BODY_BYTES = 40_000;
const SAMPLE_MS = 50;

async function main(sizes: readonly number[]): Promise<void> {
  for (const megabytes of sizes) {
    const folder = await Deno.makeTempDir();
    try {
      const path = join(folder, "large.har");
      const bytes = await writeHar(path, megabytes * 1e6);
      const { seconds, peakMb } = await importIn(folder, path);
      const speed = (bytes / 1e6 / seconds).toFixed(1);
      const memory = peakMb === null ? "memory unknown" : `${peakMb} MB resident at most`;
      console.log(
        `${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s: ${speed} MB/s, ${memory}`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
}

/** Answers of 40 KB, each different: the number of bytes written. */
async function writeHar(path: string, target: number): Promise<number> {
  const file = await Deno.open(path, { write: true, create: true });
  const writer = file.writable.getWriter();
  let written = 0;
  const put = async (text: string) => {
    const bytes = new TextEncoder().encode(text);
    written += bytes.length;
    await writer.write(bytes);
  };
  await put('{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"entries":[');
  for (let index = 0; written < target; index++) {
    await put((index === 0 ? "" : ",") + JSON.stringify(entry(index)));
  }
  await put("]}}");
  await writer.close();
  return written;
}

function entry(index: number): unknown {
  const text = `{"n":${index},"rows":"${"abcd ".repeat(BODY_BYTES / 5)}"}`;
  return {
    startedDateTime: new Date(1_767_225_600_000 + index).toISOString(),
    request: {
      method: "GET",
      url: `https://shop.example/api/items/${index}`,
      headers: [{ name: "Cookie", value: "sid=1" }],
    },
    response: {
      status: 200,
      headers: [{ name: "Content-Type", value: "application/json" }],
      content: { mimeType: "application/json", size: text.length, text },
    },
  };
}

async function importIn(
  folder: string,
  path: string,
): Promise<{ seconds: number; peakMb: number | null }> {
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, "capture", "import", "large", path],
    env: { KEYSMITH_HOME: join(folder, "home") },
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  let peakMb: number | null = null;
  const timer = setInterval(() => peakMb = residentMb(child.pid) ?? peakMb, SAMPLE_MS);
  const { success } = await child.status;
  clearInterval(timer);
  if (!success) throw new Error("the import failed");
  return { seconds: (performance.now() - start) / 1000, peakMb };
}

function residentMb(pid: number): number | null {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}

await main(Deno.args.length > 0 ? Deno.args.map(Number) : [100, 300]);
