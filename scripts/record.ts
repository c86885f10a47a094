/**
 * Records the fixture applications: `deno run -A scripts/record.ts [NAME…]` (all without a name).
 * Starts each on fixed ports, lets Chromium or the recording client do what the application's walk
 * says, and writes `fixtures/recordings/NAME.har` and `NAME.json`.
 */
import { type Browser, chromium } from "playwright-core";
import type { FixtureApp, RunningApp } from "../fixtures/apps/harness.ts";
import type { Har } from "../fixtures/apps/parts/har.ts";
import { RecordingClient } from "../fixtures/apps/parts/recording_client.ts";
import { APP_NAMES, loadApp } from "../fixtures/apps/registry.ts";
import { describeRecording, type Recording } from "../fixtures/apps/recording.ts";

const FOLDER = new URL("../fixtures/recordings/", import.meta.url);
const FIRST_PORT = 18600;
const CHROMIUM_ARGUMENTS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

async function main(names: readonly string[]): Promise<void> {
  let browser: Browser | undefined;
  const launch = async () =>
    browser ??= await chromium.launch({
      executablePath: Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium",
      args: CHROMIUM_ARGUMENTS,
    });
  try {
    for (const name of names) {
      const app = await loadApp(name);
      const entries = await record(app, launch);
      console.log(`${name}: ${entries} entries`);
    }
  } finally {
    await browser?.close();
  }
}

async function record(app: FixtureApp, launch: () => Promise<Browser>): Promise<number> {
  const lifetime = app.recordedLifetimeSec;
  const running = await app.start({
    ports: await portsFor(app),
    ...(lifetime === undefined ? {} : { tokenLifetimeSec: lifetime }),
  });
  try {
    const recorded = app.walk.kind === "browser"
      ? await recordBrowser(await launch(), app, app.walk.walk, running)
      : await recordClient(app, app.walk, running);
    const failed = running.log.find(({ status }) => status >= 500);
    if (failed !== undefined) {
      throw new Error(`${app.name}: ${failed.path} answered ${failed.status}`);
    }
    const har = app.afterRecording?.(recorded) ?? recorded;
    const description = describeRecording(app, running.origins);
    const text = JSON.stringify(har, null, 1) + "\n";
    await Deno.writeTextFile(new URL(`${app.name}.har`, FOLDER), text);
    await Deno.writeTextFile(
      new URL(`${app.name}.json`, FOLDER),
      JSON.stringify(description, null, 2) + "\n",
    );
    return har.log.entries.length;
  } finally {
    await running.stop();
  }
}

type BrowserWalk = Extract<FixtureApp["walk"], { kind: "browser" }>["walk"];
type ClientWalk = Extract<FixtureApp["walk"], { kind: "client" }>;

async function recordBrowser(
  browser: Browser,
  app: FixtureApp,
  walk: BrowserWalk,
  running: RunningApp,
): Promise<Har> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/recording.har`;
    const context = await browser.newContext({
      recordHar: { path, content: "embed", mode: "full" },
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await walk(page, running, app.users.recorded).catch(async (cause: unknown) => {
      const text = await page.innerText("body");
      throw new Error(`The walk of "${app.name}" ended at ${page.url()}: ${text}`, { cause });
    });
    await page.waitForLoadState("networkidle");
    await context.close();
    return JSON.parse(await Deno.readTextFile(path));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function recordClient(
  app: FixtureApp,
  { userAgent, walk }: ClientWalk,
  running: RunningApp,
): Promise<Har> {
  const client = new RecordingClient(userAgent);
  await walk(client, running, app.users.recorded);
  return client.har();
}

/** The ports of the last recording, or the first that no recording uses. */
async function portsFor(app: FixtureApp): Promise<number[]> {
  const used: number[] = [];
  for (const name of APP_NAMES) {
    const ports = await recordedPorts(name);
    if (name === app.name && ports.length === app.origins) return ports;
    used.push(...ports);
  }
  const first = Math.max(FIRST_PORT - 1, ...used) + 1;
  return Array.from({ length: app.origins }, (_, index) => first + index);
}

async function recordedPorts(name: string): Promise<number[]> {
  try {
    const text = await Deno.readTextFile(new URL(`${name}.json`, FOLDER));
    return (JSON.parse(text) as Recording).origins.map((origin) => Number(new URL(origin).port));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

await main(Deno.args.length > 0 ? Deno.args : APP_NAMES);
