/**
 * Speed and memory of `capture import`: `deno task bench:import [MEGABYTES…]` (100 and 300 without one; the disk
 * needs twice as much). Writes a HAR of that size with what applications answer, imports it in a process of its
 * own, and prints megabytes per second of time and of processor time, and the largest resident memory, where the
 * system tells them (proc(5)). Fails below 45 MB/s of processor time and above 300 MB, which a busy machine does
 * not change.
 */
import { join } from "node:path";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const SAMPLE_MS = 50;
const MIN_MB_PER_SECOND = 45;
const MAX_RESIDENT_MB = 300;
/** Of the clock in `/proc/PID/stat`, per second (sysconf(3), `_SC_CLK_TCK`). */
const TICKS_PER_SECOND = 100;

async function main(sizes: readonly number[]): Promise<void> {
  for (const megabytes of sizes) {
    const folder = await Deno.makeTempDir();
    try {
      const path = join(folder, "large.har");
      const bytes = await writeHar(path, megabytes * 1e6);
      const megabytesRead = bytes / 1e6;
      const { seconds, usage } = await importIn(folder, path);
      const speed = (megabytesRead / seconds).toFixed(1);
      const line = `${megabytesRead.toFixed(0)} MB in ${seconds.toFixed(1)} s: ${speed} MB/s`;
      if (usage === null) {
        console.log(line);
        continue;
      }
      const perCpu = megabytesRead / usage.cpuSeconds;
      console.log(
        `${line}, ${
          perCpu.toFixed(1)
        } MB per second of processor time, ${usage.peakMb} MB resident at most`,
      );
      if (perCpu < MIN_MB_PER_SECOND || usage.peakMb > MAX_RESIDENT_MB) Deno.exitCode = 1;
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
}

/** The number of bytes written. */
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

/** Data, pages, images and scripts in turn, none twice, in a browser's words. */
const ANSWERS:
  readonly ((index: number) => { mimeType: string; text: string; encoding?: string })[] = [
    (index) => ({ mimeType: "application/json", text: JSON.stringify({ index, items: items() }) }),
    () => ({ mimeType: "text/html", text: `<html>${repeated(400, row)}</html>` }),
    () => ({ mimeType: "image/png", encoding: "base64", text: randomBytes(60_000).toBase64() }),
    () => ({
      mimeType: "application/javascript",
      text: repeated(600, () => `function ${word()}(a,b){return a["${word()}"]+b;}\n`),
    }),
  ];

function entry(index: number): unknown {
  const content = ANSWERS[index % ANSWERS.length]!(index);
  return {
    startedDateTime: new Date(1_767_225_600_000 + index).toISOString(),
    time: 12,
    request: {
      method: "GET",
      url: `https://shop.example/api/items/${index}?page=${word()}`,
      httpVersion: "http/2",
      headers: [...headers(), { name: "Cookie", value: `sid=${word()}` }],
    },
    response: {
      status: 200,
      headers: [...headers(), { name: "Content-Type", value: content.mimeType }],
      content: { size: content.text.length, ...content },
    },
  };
}

function headers() {
  return Array.from(
    { length: 12 },
    (_, at) => ({ name: `x-header-${at}`, value: word() + word() }),
  );
}

function items() {
  const note = 'a "quoted" line\nand é';
  return Array.from(
    { length: 200 },
    (_, at) => ({ id: word(), name: `Item ${at}`, note, price: at }),
  );
}

function row(): string {
  return `<div class="row" id="${word()}"><a href="/x">Item</a>\n</div>`;
}

function repeated(times: number, part: () => string): string {
  return Array.from({ length: times }, part).join("");
}

function word(): string {
  return Math.random().toString(36).slice(2);
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

interface Usage {
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

async function importIn(
  folder: string,
  path: string,
): Promise<{ seconds: number; usage: Usage | null }> {
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, "capture", "import", "large", path],
    env: { KEYSMITH_HOME: join(folder, "home") },
    stdout: "null",
    stderr: "null",
  }).spawn();
  let usage: Usage | null = null;
  const timer = setInterval(() => usage = usageOf(child.pid) ?? usage, SAMPLE_MS);
  const { success } = await child.status;
  clearInterval(timer);
  if (!success) throw new Error("the import failed");
  return { seconds: (performance.now() - start) / 1000, usage };
}

/** `null` where the system has no such files, and once the process is gone. */
function usageOf(pid: number): Usage | null {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    const kilobytes = /VmHWM:\s+(\d+)/.exec(status)?.[1];
    // What follows the name: state, …, user and system time in places 14 and 15 of proc(5).
    const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ").at(-1)!.split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    if (kilobytes === undefined) return null;
    return { cpuSeconds: ticks / TICKS_PER_SECOND, peakMb: Math.round(Number(kilobytes) / 1024) };
  } catch {
    return null;
  }
}

await main(Deno.args.length > 0 ? Deno.args.map(Number) : [100, 300]);
