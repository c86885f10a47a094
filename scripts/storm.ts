/**
 * The refresh storm: many processes find the same expired token at the same moment. The provider
 * replaces the refresh token at each use and revokes everything when one is used twice. And the same with
 * a session that ended: no refresh token is left, and stored answers log in anew.
 *
 *     deno run -A scripts/storm.ts [PROCESSES]
 *
 * The refresh is run twice: as it is, and with the process that refreshes killed (SIGKILL) in the middle of it.
 */
import { adoptScript } from "../lib/ops/adopt_script.ts";
import { openHome } from "../lib/store/home.ts";
import { readAuthRecord, writeAuthRecord } from "../lib/token/auth_file.ts";
import { writeToken } from "../lib/token/token_file.ts";
import { fakeContext } from "../tests/support/fake_context.ts";
import { PASSWORD, Provider } from "../tests/support/provider.ts";
import { withTempFolder } from "../tests/support/temp_folder.ts";
import { stormConfig } from "./storm_config.ts";
import { WaitingProcess } from "./waiting_process.ts";

export const STORM_APP = "storm";
const INPUTS = [
  { name: "username", label: "Username", secret: false, kind: "identifier" },
  { name: "password", label: "Password", secret: true, kind: "password" },
] as const;
const ANSWERS = { Username: "ada", Password: { type: "literal", value: PASSWORD } };
const CONFIG = { apps: { [STORM_APP]: { answers: ANSWERS } } };
const WORKER = new URL("./storm_worker.ts", import.meta.url);
/** Processes started at once; each start takes a core for a while. */
const STARTING = 8;

export interface StormReport {
  readonly processes: number;
  /** Processes that ended with the one good access token. */
  readonly successes: number;
  readonly killed: number;
  /** Passwords that were sent. */
  readonly logins: number;
  /** Requests to the refresh endpoint, those of killed processes included. */
  readonly refreshRequests: number;
  /** Requests that were answered with a new token. */
  readonly granted: number;
  /** True when the provider revoked everything: a refresh token was used twice. */
  readonly revoked: boolean;
  readonly problems: readonly string[];
  /** From the common start to the end of the last process. */
  readonly ms: number;
}

/** `killHolder`: the first process that refreshes is killed while the provider is busy with it. */
export async function runStorm(
  { processes, killHolder, ended = false }: {
    readonly processes: number;
    readonly killHolder: boolean;
    /** The session has ended, and nothing but the stored answers is left of it. */
    readonly ended?: boolean;
  },
): Promise<StormReport> {
  return await withTempFolder(async (folder) => {
    const crowd: WaitingProcess[] = [];
    let holder: WaitingProcess | undefined;
    let killed = 0;
    await using provider = new Provider({
      beforeRefresh: async (request) => {
        if (!killHolder || killed > 0) return;
        killed++;
        const gone = new Promise((resolve) => request.signal.addEventListener("abort", resolve));
        holder?.kill();
        await gone;
      },
    });
    await prepareExpired(folder, provider, ended);
    for (let started = 0; started < processes; started += STARTING) {
      const batch = Array.from(
        { length: Math.min(STARTING, processes - started) },
        () => WaitingProcess.start(WORKER, [folder, STORM_APP]),
      );
      crowd.push(...await Promise.all(batch));
    }
    const startMs = performance.now();
    for (const process of crowd) process.go();
    const ends = await Promise.all(
      crowd.map((process) => follow(process, () => holder = process)),
    );
    const good = JSON.stringify({ kind: "token", header: `Bearer ${provider.accessToken}` });
    return {
      processes,
      successes: ends.filter((end) => end === good).length,
      killed,
      logins: provider.passwords.length,
      refreshRequests: provider.refreshes.length,
      granted: provider.granted,
      revoked: provider.revoked,
      problems: ends.filter((end) => end !== good && end !== undefined) as string[],
      ms: Math.round(performance.now() - startMs),
    };
  });
}

/** The last line of a process; `undefined` for one that was killed. */
async function follow(
  process: WaitingProcess,
  onRefresh: () => void,
): Promise<string | undefined> {
  const line = await process.line();
  if (line !== '{"kind":"refreshing"}') {
    await process.ended();
    return line;
  }
  onRefresh();
  return await follow(process, onRefresh);
}

/** An app whose script has been agreed to and whose token has expired; `ended`: without a refresh token. */
export async function prepareExpired(
  root: string,
  provider: Provider,
  ended = false,
): Promise<void> {
  const ctx = fakeContext({ home: root, nowMs: Date.now() });
  const home = openHome(ctx);
  const file = `${root}/by_hand.ts`;
  await Deno.writeTextFile(file, provider.script);
  const { hosts } = await adoptScript(ctx, { app: STORM_APP, file, hosts: [provider.host] });
  const record = (await readAuthRecord(home, STORM_APP))!;
  const { scriptSha256 } = record;
  const consent = { scriptSha256, hosts, givenAt: new Date(ctx.nowMs).toISOString() };
  await writeAuthRecord(home, STORM_APP, { ...record, inputs: INPUTS, consent });
  if (ended) await Deno.writeTextFile(stormConfig(root), JSON.stringify(CONFIG));
  await writeToken(home, STORM_APP, {
    headers: { Authorization: `Bearer ${provider.accessToken}` },
    body_params: {},
    query_params: {},
    computed: [],
    refresh_token: ended ? null : provider.refreshToken,
    expires_at: Math.floor(ctx.nowMs / 1000) - 60,
    obtained_at: ctx.nowMs / 1000 - 3600,
    origins: [provider.origin],
    stale: false,
  });
}

if (import.meta.main) {
  const processes = Number(Deno.args[0] ?? 100);
  for (const killHolder of [false, true]) {
    // One more where one is killed: as many are to succeed.
    const report = await runStorm({ processes: processes + Number(killHolder), killHolder });
    console.log(killHolder ? "with the refreshing process killed" : "undisturbed");
    console.log(report);
    const passed = report.successes === processes && report.granted === 1 && !report.revoked;
    if (!passed) Deno.exitCode = 1;
  }
  const report = await runStorm({ processes, killHolder: false, ended: true });
  console.log(`${processes} processes, session ended, stored answers: one login`);
  console.log(report);
  if (report.successes !== processes || report.logins !== 1) Deno.exitCode = 1;
}
