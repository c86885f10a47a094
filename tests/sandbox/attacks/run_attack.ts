/** One attack through the command line: `auth adopt`, then `auth login --unproven --yes --answers`. */
import {
  type CliOptions,
  type CliRun,
  type keysmith,
  testedKeysmith,
} from "../../support/keysmith.ts";
import { withTempFolder } from "../../support/temp_folder.ts";
import { type ApprovedServer, CREDENTIALS, openApprovedServer } from "./approved_server.ts";
import { type Attack, fillIn } from "./attack.ts";
import { type Canary, openCanary } from "./canary.ts";
import { judge, type Judgement } from "./judge.ts";
import { leftoverProcesses } from "./leftovers.ts";

export interface Verdict extends Judgement {
  readonly attack: Attack;
  readonly ms: number;
}

/** How long the command may take before it counts as hanging. */
const HANG_MS = 60_000;

const APP = "attacked";

const ANSWERS = {
  "User name": CREDENTIALS.user,
  "One-time code": CREDENTIALS.code,
  Password: CREDENTIALS.password,
  text: Array(50).fill("text answer"),
  secret: Array(50).fill("secret answer"),
};

/** Somebody who agrees to whatever a script has confirmed. */
const CONFIRMING = {
  apps: { [APP]: { answers: { "Whatever it is": { type: "confirm", wait: 0 } } } },
};

/** @param login what runs the command that starts the sandbox */
export async function runAttack(attack: Attack, login: typeof keysmith): Promise<Verdict> {
  const startedAt = performance.now();
  return await withTempFolder(async (home) => {
    const canary = await openCanary(home);
    const server = openApprovedServer();
    try {
      const run = await adoptAndLogIn(attack, home, canary, server, login);
      const approved = `127.0.0.1:${server.port}`;
      const { outcome, problems } = judge(attack, {
        run,
        received: server.received,
        approved,
        token: await Deno.readTextFile(`${home}/apps/${APP}/token.json`).catch(() => ""),
        secret: canary.secret,
      });
      return {
        attack,
        outcome,
        problems: [
          ...problems,
          ...await canary.touched(),
          ...await leftoverProcesses(approved),
        ],
        ms: Math.round(performance.now() - startedAt),
      };
    } finally {
      await server.close();
      await canary.close();
    }
  });
}

async function adoptAndLogIn(
  attack: Attack,
  home: string,
  canary: Canary,
  server: ApprovedServer,
  login: typeof keysmith,
): Promise<CliRun> {
  const approved = `127.0.0.1:${server.port}`;
  const source = fillIn(attack, {
    ALLOWED_HOST: approved,
    ALLOWED_PORT: String(server.port),
    CANARY_HOST: `127.0.0.1:${canary.port}`,
    CANARY_PORT: String(canary.port),
    CANARY_FILE: canary.filePath,
    CANARY_MODULE: canary.modulePath,
    CANARY_WRITE: canary.writePath,
  });
  const script = `${home}/script.ts`;
  const answers = `${home}/answers.json`;
  const config = `${home}/config.json`;
  await Deno.writeTextFile(script, source);
  await Deno.writeTextFile(answers, JSON.stringify(ANSWERS), { mode: 0o600 });
  await Deno.writeTextFile(config, JSON.stringify(CONFIRMING));
  const options: CliOptions = {
    home,
    env: { KEYSMITH_CANARY: canary.secret },
    signal: AbortSignal.timeout(HANG_MS),
    isClosed: true,
  };
  const adopted = await testedKeysmith(
    ["auth", "adopt", APP, script, "--host", approved, "--json"],
    options,
  );
  if (adopted.code !== 0) return adopted;
  const given = ["--answers", answers, "--config", config];
  return await login(
    ["auth", "login", APP, "--unproven", "--yes", ...given, "--json", ...attack.flags],
    options,
  );
}
