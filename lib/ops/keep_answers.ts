/**
 * `auth login --remember`: what was typed goes into the keychain of the system once the login has worked,
 * and the configuration says that it is there. One-time codes and links are not kept.
 */
import { editConfig } from "../base/config_edit.ts";
import { configFileOf } from "../base/config_files.ts";
import type { AppConfig } from "../base/config.ts";
import type { Context, Terminal } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isRecord, type JsonObject } from "../base/json.ts";
import { foldLabel, matchingLabel } from "../base/labels.ts";
import { parseYaml } from "../base/yaml.ts";
import { readTextFile, writeFileAtomic } from "../store/atomic.ts";
import { type Home, openHome } from "../store/home.ts";
import { openKeychain } from "../store/keychain.ts";
import type { KeychainStore } from "../store/keychain_store.ts";
import { loadConfig } from "../store/load_config.ts";
import { requireKeychain } from "../store/require_keychain.ts";
import { type AuthInput, readAuthRecord } from "../token/auth_file.ts";
import { answerItem, ANSWERS_SERVICE } from "./remembered_items.ts";
import { type GivenAnswer, isLasting, RememberedAnswers } from "./remembered_answers.ts";

export interface KeptAnswers {
  /** Labels of the prompts. */
  readonly kept: readonly string[];
  /** The configuration file that names them. */
  readonly file: string;
}

/**
 * Runs a login and keeps what answered its prompts.
 *
 * @throws {AppError} `UNSUPPORTED` without a keychain, before the login; what `work` throws: nothing is kept then.
 */
export async function keepingAnswers(
  ctx: Context,
  app: string,
  work: (term: Terminal) => Promise<void>,
  keychain: KeychainStore = openKeychain(),
): Promise<KeptAnswers> {
  await requireKeychain(keychain).catch((error) => {
    throw withWayOut(error, app);
  });
  const home = openHome(ctx);
  const inputs = (await readAuthRecord(home, app))?.inputs ?? [];
  const term = new RememberedAnswers(ctx.term, inputs);
  await work(term);
  return await keep(ctx, home, app, term.given.filter((given) => isWorthKeeping(given, inputs)), {
    keychain,
  });
}

/** What else may answer the prompts. */
function withWayOut(error: unknown, app: string): unknown {
  if (!(error instanceof AppError) || error.code !== "UNSUPPORTED") return error;
  return new AppError("UNSUPPORTED", error.message, {
    hint:
      "Install it (Debian and Ubuntu: apt install libsecret-tools), or name other sources under " +
      `apps.${app}.answers of the configuration: env, file, exec`,
    details: error.details,
    cause: error,
  });
}

/** A script written by hand does not say what its prompts are for; their labels may. */
function isWorthKeeping({ kind, label }: GivenAnswer, inputs: readonly AuthInput[]): boolean {
  if (inputs.some((input) => input.label === label)) return isLasting(kind);
  return !/code|otp|link/.test(foldLabel(label));
}

async function keep(
  ctx: Context,
  home: Home,
  app: string,
  given: readonly GivenAnswer[],
  { keychain }: { readonly keychain: KeychainStore },
): Promise<KeptAnswers> {
  const config = (await loadConfig(ctx)).apps.get(app);
  const typed = given.filter(({ label }) => isOpen(config, label, answerItem(home, app, label)));
  for (const { label, value } of typed) {
    await keychain.set(ANSWERS_SERVICE, answerItem(home, app, label), value);
  }
  const file = config?.origin.layer === "option"
    ? config.origin.file
    : await configFileOf(ctx, "user");
  const labels = typed.map(({ label }) => label);
  if (labels.length > 0) await name(home, app, labels, file);
  return { kept: labels, file };
}

/** False for a prompt that another source answers: it is the user's choice where that answer is kept. */
function isOpen(config: AppConfig | undefined, label: string, item: string): boolean {
  const named = matchingLabel(config?.answers.keys() ?? [], label);
  const source = named === undefined ? undefined : config?.answers.get(named);
  return source === undefined ||
    source.type === "osKeychain" && source.value === `${ANSWERS_SERVICE}/${item}`;
}

async function name(
  home: Home,
  app: string,
  labels: readonly string[],
  file: string,
): Promise<void> {
  const text = await readTextFile(file) ?? "";
  const before = membersOf(membersOf(parseYaml(text === "" ? "{}" : text, file), "apps"), app);
  const sources = labels.map((label) => [
    label,
    { type: "osKeychain", value: `${ANSWERS_SERVICE}/${answerItem(home, app, label)}` },
  ]);
  const answers = { ...membersOf(before, "answers"), ...Object.fromEntries(sources) };
  await writeFileAtomic(file, editConfig(text, ["apps", app], { ...before, answers }, file));
}

function membersOf(value: unknown, name: string): JsonObject {
  const member = isRecord(value) ? value[name] : undefined;
  return isRecord(member) ? member as JsonObject : {};
}
