/**
 * `deno task bench:mcp [EXECUTABLE]`: the MCP server beside three others that serve OpenAPI documents, in turns on
 * the same machine. Needs `deno task compile`; takes `--base npm` as that does. Ends in exit code 1 when a target is
 * missed. Without npm it measures this server alone.
 */
import { compileExecutable } from "./build/compile_executable.ts";
import { ROOT } from "./build/bundle.ts";
import { npmDenortBase } from "./build/denort_base.ts";
import { LineClient } from "./bench/line_client.ts";
import {
  githubDocument,
  installPeers,
  keysmithPeer,
  npmPeers,
  type Peer,
} from "./bench/mcp_peers.ts";

const STARTS = 11;
const CALLS_ALONE = 600;
const CALLS_TOGETHER = 4_000;
const IN_FLIGHT = 32;
/** How long the first start may take to read the document where it lists without it at first. */
const FIRST_READING_MS = 30_000;

const NOTHING = { listMs: NaN, listed: NaN, megabytes: NaN };

interface Measured {
  readonly initializeMs: number;
  readonly overFetchMs: number;
  readonly callsPerSecond: number;
  readonly listMs: number;
  readonly listed: number;
  readonly megabytes: number;
}

const DOCUMENT = {
  openapi: "3.0.3",
  info: { title: "Notes", version: "1" },
  paths: {
    "/notes/{id}": {
      get: {
        operationId: "getNote",
        summary: "One note",
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        responses: { 200: { description: "The note" } },
      },
    },
  },
};

if (import.meta.main) {
  const args = Deno.args.filter((arg, at) => arg !== "--base" && Deno.args[at - 1] !== "--base");
  const executable = args[0] ?? `${ROOT}/dist/keysmith`;
  const folder = await Deno.makeTempDir({ prefix: "keysmith-bench-" });
  try {
    const base = Deno.args.includes("--base") ? await npmDenortBase() : null;
    const empty = await emptyProgram(folder, base);
    const hasPeers = await installPeers(folder);
    const peers = [keysmithPeer(executable, `${folder}/keysmith`)];
    if (hasPeers) peers.push(...npmPeers(folder));
    await using api = startApi();
    const emptyMs = await startOf(empty);
    const fetchMs = await bareFetch(api.origin);
    const results = new Map<string, Measured>();
    for (const peer of peers) {
      const measured = await measure(peer, api.origin, folder, hasPeers, fetchMs)
        .catch((error) => console.error(`${peer.name}: ${error.message}`));
      if (measured !== undefined) results.set(peer.name, measured);
    }
    Deno.exitCode = print(results, emptyMs, fetchMs) ? 0 : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function startApi() {
  const body = JSON.stringify({ id: "17", title: "Seeds", text: "x".repeat(200) });
  const headers = { "content-type": "application/json" };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(body, { headers }),
  );
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function emptyProgram(folder: string, base: string | null): Promise<string> {
  await Deno.mkdir(`${folder}/empty-bundle`);
  await Deno.writeTextFile(`${folder}/empty-bundle/main.js`, "");
  const output = `${folder}/empty`;
  const bundleFolder = `${folder}/empty-bundle`;
  await compileExecutable({ bundleFolder, output, target: null, base });
  return output;
}

async function startOf(program: string): Promise<number> {
  return await medianOf(STARTS, async () => {
    await new Deno.Command(program, { stdin: "null", stdout: "null", stderr: "null" }).output();
  });
}

async function bareFetch(origin: string): Promise<number> {
  return await medianOf(CALLS_ALONE, async () => {
    await (await fetch(`${origin}/notes/17`)).text();
  });
}

async function measure(
  peer: Peer,
  origin: string,
  folder: string,
  hasGithub: boolean,
  fetchMs: number,
): Promise<Measured> {
  const small = `${folder}/notes.json`;
  await Deno.writeTextFile(small, JSON.stringify({ ...DOCUMENT, servers: [{ url: origin }] }));
  const command = await peer.serve(small, origin);
  const initializeMs = await medianOf(STARTS, async (stop) => {
    await using client = new LineClient(command);
    await client.initialize();
    stop();
  });
  await using client = new LineClient(command);
  await client.initialize();
  const name = (await client.listTools()).map((tool) => tool.name)
    .find((tool) => /note/i.test(tool)) ?? "getNote";
  const call = () => client.request("tools/call", { name, arguments: { id: "17" } });
  const callMs = await medianOf(CALLS_ALONE, async () => void await call());
  const callsPerSecond = await throughput(call);
  const large = hasGithub
    ? await withGithub(peer, githubDocument(folder), origin).catch((error) => {
      console.error(`${peer.name}, with GitHub's document: ${error.message}`);
      return NOTHING;
    })
    : NOTHING;
  return { initializeMs, overFetchMs: callMs - fetchMs, callsPerSecond, ...large };
}

async function throughput(call: () => Promise<unknown>): Promise<number> {
  let started = 0;
  const work = async () => {
    while (started++ < CALLS_TOGETHER) await call();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return CALLS_TOGETHER / (performance.now() - start) * 1_000;
}

/** At the second start, as every start but one is. */
async function withGithub(
  peer: Peer,
  document: string,
  origin: string,
): Promise<Pick<Measured, "listMs" | "listed" | "megabytes">> {
  const command = await peer.serve(document, origin);
  for (let round = 0;; round++) {
    await using client = new LineClient(command);
    await client.initialize();
    const start = performance.now();
    const listed = (await client.listTools()).length;
    const listMs = performance.now() - start;
    if (round === 0) {
      // A client that is told of another list asks for it.
      if (listed < 100) await client.listChanged(FIRST_READING_MS).then(() => client.listTools());
      continue;
    }
    return { listMs, listed, megabytes: client.residentBytes() / 1e6 };
  }
}

/** Of the times that `work` takes, or takes until it calls `stop`, in milliseconds. */
async function medianOf(
  times: number,
  work: (stop: () => void) => Promise<void>,
): Promise<number> {
  const measured: number[] = [];
  for (let round = 0; round < times; round++) {
    const start = performance.now();
    let ms: number | null = null;
    await work(() => ms = performance.now() - start);
    measured.push(ms ?? performance.now() - start);
  }
  return measured.toSorted((a, b) => a - b)[Math.floor(times / 2)]!;
}

interface Row {
  readonly title: string;
  readonly of: (measured: Measured) => number;
  readonly target: string;
  readonly isMet: (own: number, others: readonly number[]) => boolean;
}

/** Answers whether every target is met. */
function print(results: ReadonlyMap<string, Measured>, emptyMs: number, fetchMs: number): boolean {
  const rows: Row[] = [
    {
      title: "spawn to initialize, ms",
      of: (one) => one.initializeMs,
      target: `<= ${(3 * emptyMs).toFixed(0)} (3 x empty, ${emptyMs.toFixed(0)})`,
      isMet: (own) => own <= 3 * emptyMs,
    },
    {
      title: `p50 over a bare fetch (${fetchMs.toFixed(2)}), ms`,
      of: (one) => one.overFetchMs,
      target: "<= 0.35",
      isMet: (own) => own <= 0.35,
    },
    {
      title: `calls per second, ${IN_FLIGHT} in flight`,
      of: (one) => one.callsPerSecond,
      target: "the most",
      isMet: (own, others) => others.every((other) => own > other),
    },
    {
      title: "tools/list, 1,223 operations, second start, ms",
      of: (one) => one.listMs,
      target: "<= 150",
      isMet: (own) => !(own > 150),
    },
    { title: "  listed", of: (one) => one.listed, target: "", isMet: () => true },
    {
      title: "memory with GitHub's document, MB",
      of: (one) => one.megabytes,
      target: "<= 120",
      isMet: (own) => !(own > 120),
    },
  ];
  const names = [...results.keys()];
  console.log(["".padEnd(48), ...names.map((name) => name.padStart(22)), "  target"].join(""));
  let isAllMet = true;
  for (const { title, of, target, isMet } of rows) {
    const values = names.map((name) => of(results.get(name)!));
    const isRowMet = isMet(values[0]!, values.slice(1));
    isAllMet &&= isRowMet;
    const cells = values.map((value, at) => {
      const ratio = at === 0 ? "" : ` (${(value / values[0]!).toFixed(1)}x)`;
      if (Number.isNaN(value)) return "-".padStart(22);
      return `${value >= 100 ? value.toFixed(0) : value.toFixed(2)}${ratio}`.padStart(22);
    });
    console.log(`${title.padEnd(48)}${cells.join("")}  ${target}${isRowMet ? "" : "  MISSED"}`);
  }
  return isAllMet;
}
