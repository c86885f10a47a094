/** Takes in an app that somebody exported: its script is proven here again before anything is written. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { makePrivateFolder } from "../store/atomic.ts";
import { checkAppName, openHome } from "../store/home.ts";
import { loadConfig } from "../store/load_config.ts";
import type { AuthRecord } from "../token/auth_file.ts";
import { scriptSha256 } from "../token/script_file.ts";
import { type AppDocument, readDocument } from "./app_document.ts";
import { stageApp, withStagingHome } from "./staged_app.ts";

export interface ImportAppInput {
  readonly text: string;
  /** For messages. */
  readonly file: string;
  /** Default: as it was exported. */
  readonly name: string | null;
}

export interface ImportedApp {
  readonly name: string;
  /** `host:port` that its script may reach. */
  readonly hosts: readonly string[];
  /** Origins that its credentials go to. */
  readonly apiOrigins: readonly string[];
  readonly tools: readonly string[];
  /** Origins of its tools. */
  readonly toolOrigins: readonly string[];
  readonly inputs: readonly string[];
  readonly assumptions: number;
}

/**
 * @throws {AppError} `BAD_INPUT` for a file that is none or was changed, and for a name that is taken;
 *   `PROOF_FAILED` with reasons. Nothing is written then.
 */
export async function importApp(ctx: Context, input: ImportAppInput): Promise<ImportedApp> {
  const document = readDocument(input.text, input.file);
  const name = input.name ?? document.name;
  checkAppName(name);
  const home = openHome(ctx);
  const { services } = await loadConfig(ctx);
  if ((await home.listApps()).includes(name) || services.has(name)) {
    throw nameTaken(name, input.file);
  }
  checkClaims(document, input.file);
  return await withStagingHome(ctx, home, async (staging) => {
    const app = { ...document, source: document.flow.source };
    const record = await stageApp(ctx, staging, name, app).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== "PROOF_FAILED") throw error;
      throw refused(input.file, error.details["reasons"] as string[]);
    });
    const differences = differencesOf(document, record);
    if (differences.length > 0) throw refused(input.file, differences);
    await makePrivateFolder(home.path("apps"));
    await Deno.rename(staging.appDir(name), home.appDir(name));
    return {
      name,
      hosts: record.hosts,
      apiOrigins: record.apiOrigins,
      tools: document.tools.map((tool) => tool.name),
      toolOrigins: [...new Set(document.tools.map(({ origin }) => origin))],
      inputs: record.inputs.map(({ label }) => label),
      assumptions: record.proof?.assumptions.length ?? 0,
    };
  });
}

/** What the file says of itself must be of this script. */
function checkClaims({ script, proof, flow, tools }: AppDocument, file: string): void {
  const problems = [
    ...(proof.scriptSha256 === scriptSha256(script) ? [] : ["the proof is of another script"]),
    ...(proof.passed ? [] : ["the script was not proven where it was exported"]),
    ...tools.filter(({ requiresAuth, origin }) => requiresAuth && !flow.apiOrigins.includes(origin))
      .map((tool) =>
        `tool ${tool.name} would send credentials to ${tool.origin}, which is not the app's`
      ),
    ...repeatedNames(tools).map((tool) => `there are two tools named ${tool}`),
  ];
  if (problems.length > 0) throw refused(file, problems);
}

function repeatedNames(tools: AppDocument["tools"]): string[] {
  const names = tools.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** What the session shows must be what the file says, hosts above all. */
function differencesOf({ flow }: AppDocument, record: AuthRecord): string[] {
  const differ = (what: string, said: readonly string[], shown: readonly string[]) => [
    ...said.filter((one) => !shown.includes(one))
      .map((one) => `${what} ${one} stands in the file, and its session shows no use of it`),
    ...shown.filter((one) => !said.includes(one))
      .map((one) => `${what} ${one} is used in the session, and the file does not name it`),
  ];
  const labels = ({ inputs }: Pick<AuthRecord, "inputs">) => inputs.map(({ label }) => label);
  return [
    ...differ("host", flow.hosts, record.hosts),
    ...differ("origin", flow.apiOrigins, record.apiOrigins),
    ...differ("prompt", labels(flow), labels(record)),
  ];
}

function refused(file: string, reasons: readonly string[]): AppError {
  return new AppError("PROOF_FAILED", `"${file}" is not imported: ${reasons.join("; ")}`, {
    hint: "Ask whoever exported it for the file as it was written; nothing was kept of this one",
    details: { file, reasons },
  });
}

function nameTaken(name: string, file: string): AppError {
  return new AppError("BAD_INPUT", `There is an app or a service named "${name}" already`, {
    hint: `keysmith app import ${file} NAME`,
    details: { name },
  });
}
