/**
 * The kill test: `auth login`, `auth refresh`, `auth set` and `capture import` are killed (SIGKILL) at a
 * random moment, again and again. After each kill every file of the app must be the old or the new
 * one, whole.
 *
 *     deno run -A scripts/kill_test.ts [RUNS]
 */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { adoptScript } from "../lib/ops/adopt_script.ts";
import { login } from "../lib/ops/login.ts";
import { readAppInfo } from "../lib/store/app_file.ts";
import { type Home, openHome } from "../lib/store/home.ts";
import { readAuthRecord } from "../lib/token/auth_file.ts";
import { hasConsent } from "../lib/token/consent.ts";
import { readAuthScript } from "../lib/token/script_file.ts";
import { readToken, writeToken } from "../lib/token/token_file.ts";
import { type FakeContext, fakeContext } from "../tests/support/fake_context.ts";
import { PASSWORD, Provider } from "../tests/support/provider.ts";
import { withTempFolder } from "../tests/support/temp_folder.ts";
import { WaitingProcess } from "./waiting_process.ts";

const APP = "victim";
const WORKER = new URL("./kill_worker.ts", import.meta.url);
export const VERBS = ["login", "refresh", "set", "import"] as const;
export type Verb = typeof VERBS[number];

/** Exchanges in a recording: enough for the import to take a while. */
const ENTRIES = 300;

export interface KillReport {
  readonly verb: Verb;
  readonly runs: number;
  /** Runs that were killed before they were done. */
  readonly killed: number;
  /** Of those, the ones that had changed something already. */
  readonly changed: number;
  /** Temporary files left over: writes that were under way when the kill came. */
  readonly interruptedWrites: number;
  /** What was found broken; empty when all is well. */
  readonly problems: readonly string[];
}

/** `runs` of one verb in a home of their own. */
export async function runKills(verb: Verb, runs: number): Promise<KillReport> {
  return await withTempFolder(async (root) => {
    await using provider = new Provider();
    const victim = await Victim.prepare(root, provider);
    const aim = new Aim((await victim.run(verb, Infinity)).durationMs);
    const report = { killed: 0, changed: 0 };
    const problems: string[] = [];
    for (let run = 0; run < runs; run++) {
      const outcome = await victim.run(verb, aim.next());
      aim.learn(outcome.killed);
      if (outcome.killed) report.killed++;
      if (outcome.killed && outcome.changed) report.changed++;
      problems.push(...outcome.problems);
    }
    const interruptedWrites = await victim.temporaries();
    return { verb, runs, ...report, interruptedWrites, problems };
  });
}

/**
 * When to kill: every other time at any moment, else around the end, where the files are written. The
 * end moves with how busy the machine is, so it is followed up and down (a staircase procedure).
 */
class Aim {
  #endMs: number;
  #atEnd = false;

  constructor(endMs: number) {
    this.#endMs = endMs;
  }

  next(): number {
    this.#atEnd = !this.#atEnd;
    return this.#endMs * (this.#atEnd ? 0.95 + 0.1 * Math.random() : Math.random());
  }

  learn(killed: boolean): void {
    if (this.#atEnd) this.#endMs *= killed ? 1.05 : 0.95;
  }
}

interface Outcome {
  readonly killed: boolean;
  readonly changed: boolean;
  readonly durationMs: number;
  readonly problems: readonly string[];
}

/** What an app holds, read as the tool reads it. */
interface State {
  readonly token: string;
  readonly auth: string;
  readonly captures: number;
}

class Victim {
  readonly #root: string;
  readonly #provider: Provider;
  readonly #home: Home;
  readonly #ctx: FakeContext;
  #recordings = 0;

  private constructor(root: string, provider: Provider) {
    this.#root = root;
    this.#provider = provider;
    this.#ctx = fakeContext({ home: root, nowMs: Date.now(), answers: ["ada", PASSWORD] });
    this.#home = openHome(this.#ctx);
  }

  /** An app that is logged in. */
  static async prepare(root: string, provider: Provider): Promise<Victim> {
    const victim = new Victim(root, provider);
    const file = `${root}/by_hand.ts`;
    await Deno.writeTextFile(file, provider.script);
    await adoptScript(victim.#ctx, { app: APP, file, hosts: [provider.host] });
    await login(victim.#ctx, { app: APP, yes: true, unproven: true });
    return victim;
  }

  /** Runs a verb in a process of its own and kills it after `killAfterMs`. */
  async run(verb: Verb, killAfterMs: number): Promise<Outcome> {
    await this.#makeRefreshable();
    const before = await this.#state();
    const file = verb === "import" ? await this.#record() : "";
    const process = await WaitingProcess.start(WORKER, [verb, this.#root, APP, file]);
    const startMs = performance.now();
    process.go();
    const timer = killAfterMs === Infinity
      ? undefined
      : setTimeout(() => process.kill(), killAfterMs);
    const killed = await process.line() !== "done";
    const durationMs = performance.now() - startMs;
    await process.ended();
    clearTimeout(timer);
    return { killed, durationMs, ...await this.#judge(verb, before, killed) };
  }

  async temporaries(): Promise<number> {
    const entries = await Array.fromAsync(Deno.readDir(this.#home.appDir(APP)));
    return entries.filter(({ name }) => name.endsWith(".tmp")).length;
  }

  /** A refresh that was killed after the provider granted it has cost the refresh token. */
  async #makeRefreshable(): Promise<void> {
    const token = await readToken(this.#home, APP);
    const { refreshToken } = this.#provider;
    await writeToken(this.#home, APP, { ...token!, refresh_token: refreshToken });
  }

  async #judge(
    verb: Verb,
    before: State,
    killed: boolean,
  ): Promise<Pick<Outcome, "changed" | "problems">> {
    try {
      const after = await this.#state();
      const changed = JSON.stringify(before) !== JSON.stringify(after);
      if (!killed && !changed) throw new Error("it was done and nothing has changed");
      return { changed, problems: [] };
    } catch (error) {
      return { changed: true, problems: [`${verb}: ${error}`] };
    }
  }

  /** @throws when a file is not whole. */
  async #state(): Promise<State> {
    const token = await readToken(this.#home, APP);
    const record = await readAuthRecord(this.#home, APP);
    const script = await readAuthScript(this.#home, APP);
    const info = await readAppInfo(this.#home, APP);
    if (token === null || record === null || info === null) throw new Error("a file is gone");
    if (script?.source !== this.#provider.script) throw new Error("the script is not whole");
    if (!hasConsent(record, script)) throw new Error("the consent is gone");
    await this.#checkModes();
    return {
      token: JSON.stringify(token),
      auth: JSON.stringify(record),
      captures: this.#wholeCaptures(),
    };
  }

  async #checkModes(): Promise<void> {
    if (Deno.build.os === "windows") return;
    for await (const { name, isFile } of Deno.readDir(this.#home.appDir(APP))) {
      const { mode } = await Deno.stat(this.#home.appFile(APP, name));
      if (isFile && (mode! & 0o077) !== 0) throw new Error(`others can read ${name}`);
    }
  }

  #wholeCaptures(): number {
    const path = this.#home.appFile(APP, "captures.db");
    if (!existsSync(path)) return 0;
    using db = new DatabaseSync(path);
    const { integrity_check } = db.prepare("PRAGMA integrity_check").get()!;
    if (integrity_check !== "ok") throw new Error(`captures.db: ${integrity_check}`);
    const hasTables = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'captures'").get();
    if (hasTables === undefined) return 0;
    const counts = db.prepare(
      "SELECT (SELECT count(*) FROM traces t WHERE t.capture = c.seq) AS traces FROM captures c",
    ).all();
    if (counts.some(({ traces }) => traces !== ENTRIES)) throw new Error("a capture is not whole");
    return counts.length;
  }

  /** A new recording each time: the same one would be a duplicate. */
  async #record(): Promise<string> {
    const path = `${this.#root}/recording-${this.#recordings++}.har`;
    await Deno.writeTextFile(path, JSON.stringify({ log: harLog(this.#recordings) }));
    return path;
  }
}

function harLog(number: number) {
  const entries = Array.from({ length: ENTRIES }, (_, index) => ({
    startedDateTime: new Date(1_700_000_000_000 + index * 1000).toISOString(),
    time: 1,
    request: {
      method: "GET",
      url: `https://api.example.com/${number}/${index}`,
      httpVersion: "HTTP/1.1",
      headers: [{ name: "Authorization", value: `Bearer recorded-${number}` }],
      queryString: [],
      cookies: [],
      headersSize: -1,
      bodySize: -1,
    },
    response: {
      status: 200,
      statusText: "OK",
      httpVersion: "HTTP/1.1",
      headers: [{ name: "Content-Type", value: "text/plain" }],
      cookies: [],
      content: { size: 10, mimeType: "text/plain", text: `${number}.${index}`.repeat(100) },
      redirectURL: "",
      headersSize: -1,
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: 1, receive: 0 },
  }));
  return { version: "1.2", creator: { name: "kill test", version: "1" }, entries };
}

if (import.meta.main) {
  const runs = Number(Deno.args[0] ?? 500);
  const each = Math.ceil(runs / VERBS.length);
  const reports = await Promise.all(VERBS.map((verb) => runKills(verb, each)));
  for (const report of reports) console.log(report);
  if (reports.some(({ problems }) => problems.length > 0)) Deno.exitCode = 1;
}
