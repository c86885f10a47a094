/**
 * Records the fixture applications anew with Keysmith's own recorder while Playwright does what each walk
 * says, and compares with the recording of the repository: `deno task bench:recordings [NAME…]`. What counts is
 * each request's method, path and status, whether it carried cookies and credentials, and whether the body of
 * its answer is there. A body that only the new one has is not a difference, nor are the credentials that were left
 * out of a recording that is there to lack them.
 */
import { chromium } from "playwright-core";
import { APP_NAMES, loadApp } from "../fixtures/apps/registry.ts";
import type { FixtureApp } from "../fixtures/apps/harness.ts";
import { findBrowser } from "../lib/browser/find_browser.ts";
import { launchBrowser } from "../lib/browser/launch.ts";
import { Recorder } from "../lib/browser/recorder.ts";
import { noiseReason } from "../lib/capture/noise.ts";
import { type CaptureReading, readCapture } from "../tests/support/read_capture.ts";
import type { Exchange } from "../lib/http/exchange.ts";
import { headerValue } from "../lib/http/headers.ts";
import { analyzeLogin } from "../lib/correlate/analyze.ts";
import type { Trace } from "../lib/http/exchange.ts";

const FOLDER = new URL("../fixtures/recordings/", import.meta.url);
const QUIET_MS = 500;

async function main(names: readonly string[]): Promise<void> {
  const program = findBrowser({ get: (name) => Deno.env.get(name) }, Deno.env.get("CHROMIUM"));
  let differing = 0;
  for (const name of names) {
    const app = await loadApp(name);
    if (app.walk.kind !== "browser") continue;
    const recorded = await record(app, program);
    const expected = readCapture(new URL(`${name}.har`, FOLDER).pathname);
    const { missing, extra } = compare(recorded, expected);
    const kind = analyzeLogin(recorded.map(traceOf)).kind;
    const isSame = missing.length === 0 && extra.length === 0;
    if (!isSame) differing++;
    console.log(`${name}: ${recorded.length} requests, ${kind}${isSame ? "" : ", differs"}`);
    for (const line of missing) console.log(`  missing  ${line}`);
    for (const line of extra) console.log(`  more     ${line}`);
  }
  console.log(`${differing} differ`);
  Deno.exitCode = differing === 0 ? 0 : 1;
}

async function record(app: FixtureApp, program: string): Promise<Exchange[]> {
  const lifetime = app.recordedLifetimeSec;
  const running = await app.start(lifetime === undefined ? {} : { tokenLifetimeSec: lifetime });
  const browser = await launchBrowser({ program, headless: true, overSocket: true });
  const seen: Exchange[] = [];
  try {
    const recorder = await Recorder.start(browser.devtools, {
      onExchange: ({ exchange }) => void seen.push(exchange),
      onTyped: () => {},
      unattended: true,
      nowMs: () => Date.now(),
    });
    const driver = await chromium.connectOverCDP(browser.address!);
    const page = driver.contexts()[0]!.pages()[0]!;
    page.setDefaultTimeout(15_000);
    if (app.walk.kind === "browser") await app.walk.walk(page, running, app.users.recorded);
    while (recorder.quietMs < QUIET_MS) await new Promise((resolve) => setTimeout(resolve, 50));
    await recorder.finish();
  } finally {
    await browser.close();
    await running.stop();
  }
  return seen.sort((a, b) => a.startedAtMs - b.startedAtMs);
}

function compare(recorded: readonly Exchange[], { exchanges, sanitised }: CaptureReading) {
  const [ours, theirs] = [recorded, exchanges].map((list) =>
    list.filter((exchange) => noiseReason(exchange) === null).map(lineOf)
      .map((line) => sanitised ? line.replaceAll(/ (?:cookie|authorization)\b/g, "") : line)
  ) as [string[], string[]];
  const [missing, extra] = [without(theirs, ours), without(ours, theirs)];
  const fuller = (line: string) => line.replace(/ no body$/, " body");
  return {
    missing: without(missing.map(fuller), extra),
    extra: without(extra, missing.map(fuller)),
  };
}

/** Values differ with each run; what is there does not. */
function lineOf({ request, response }: Exchange): string {
  const { pathname } = new URL(request.url);
  const has = (name: string) => headerValue(request.headers, name) === undefined ? "" : ` ${name}`;
  const isRedirect = response !== null && response.status >= 300 && response.status < 400;
  const body = isRedirect || response === null ? "" : response.body === null ? " no body" : " body";
  const path = pathname.replaceAll(/[A-Za-z0-9_-]{12,}|\d+/g, "…");
  return `${request.method} ${path} ${response?.status ?? "-"}${has("cookie")}${
    has("authorization")
  }${body}`;
}

function without(from: readonly string[], these: readonly string[]): string[] {
  const left = [...these];
  return from.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function traceOf(exchange: Exchange, index: number): Trace {
  const id = `t_${String(index + 1).padStart(4, "0")}`;
  return { ...exchange, id, captureId: "c_01", marks: [], noise: noiseReason(exchange) };
}

await main(Deno.args.length > 0 ? Deno.args : APP_NAMES);
