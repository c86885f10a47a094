/** Changes one setting of a configuration file; its comments stay. With `store`, the tokens move too. */
import { configFileOf } from "../base/config_files.ts";
import { editConfig, type EntryPath, readMapping } from "../base/config_edit.ts";
import type { ConfigOrigin } from "../base/config.ts";
import { type ConfigFile, readConfigText } from "../base/config_schema.ts";
import { storePlace } from "../base/config_store.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isRecord, type JsonValue } from "../base/json.ts";
import { parseYaml } from "../base/yaml.ts";
import { readTextFile, writeFileAtomic } from "../store/atomic.ts";
import { approveFolderFile } from "../store/folder_approval.ts";
import { openHome } from "../store/home.ts";
import { openKeychain } from "../store/keychain.ts";
import type { KeychainStore } from "../store/keychain_store.ts";
import { loadConfig } from "../store/load_config.ts";
import { requireKeychain } from "../store/require_keychain.ts";
import { type MovedTokens, moveTokenState } from "./move_token_state.ts";

export interface SetConfigInput {
  /** `store`, `model`, `model.KEY`, `llm.prices`, `policy.allowExecSecrets`, `services.NAME`, `secrets.KEY`. */
  readonly setting: string;
  /** YAML or JSON text; `null` removes the setting. */
  readonly value: string | null;
  /** Which file: the user's own by default, or the working folder's (or the one `--config` names). */
  readonly layer?: "user" | "project";
}

export interface SetConfigOutput {
  readonly file: string;
  readonly setting: string;
  /** With the setting `store`: the tokens that were moved. */
  readonly moved?: MovedTokens;
}

/**
 * @throws {AppError} `USAGE` for a setting that is none, a value that it cannot have, or a secret written out;
 * `BAD_CONFIG` when the rest of the file is not valid; `UNSUPPORTED` for a keychain that cannot be used. Nothing is
 * changed then. And what `moveTokenState` throws, after the change.
 */
export async function setConfig(
  ctx: Context,
  input: SetConfigInput,
  keychain: KeychainStore = openKeychain(),
): Promise<SetConfigOutput> {
  const path = entryPath(input.setting);
  const layer = input.layer ?? "user";
  const value = input.value === null ? undefined : parseValue(input.setting, input.value);
  refuseLiteral(input.setting, value);
  const file = await configFileOf(ctx, layer);
  const text = await readTextFile(file) ?? "";
  const edited = path[0] === "model"
    ? editModel(text, path, value, file)
    : editConfig(text, path, nested(path, value), file);
  const { store } = readEdited(input.setting, { text, edited }, { layer, file });
  if (input.setting !== "store" || layer !== "user") {
    const wasInForce = (await loadConfig(ctx)).unapproved === null;
    await writeFileAtomic(file, edited);
    if (wasInForce) await approveOwnEdit(ctx);
    return { file, setting: input.setting };
  }
  const [before, place] = [await storePlace(ctx), store ?? "file"];
  if (place === "keychain") await requireKeychain(keychain);
  // First the file: a login at the same time goes to the new place, or is moved with the others.
  await writeFileAtomic(file, edited);
  const moved = await moveTokenState(ctx, { from: before, to: place }, keychain);
  return { file, setting: input.setting, moved };
}

/** @throws {AppError} `USAGE` */
function parseValue(setting: string, text: string): JsonValue {
  try {
    return parseYaml(text, setting);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const cause = error.message.slice(`Cannot read "${setting}"`.length);
    const reason = cause.replace(/^(?::\d{1,9}:\d{1,9})?: /, "");
    throw new AppError("USAGE", `The value for ${setting} is not YAML: ${reason}`, {
      hint: "Put the value into single quotes, as the shell takes some marks for its own",
      details: { setting },
      cause: error,
    });
  }
}

/**
 * A value that the setting cannot have stands in no file, so that it has no line there. What was wrong before is told
 * by its place in the file as it is.
 */
function readEdited(
  setting: string,
  { text, edited }: { readonly text: string; readonly edited: string },
  origin: ConfigOrigin,
): ConfigFile {
  try {
    return readConfigText(edited, origin);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { key, problem } = error.details;
    const isOfSetting = typeof key === "string" &&
      (key === setting || key.startsWith(`${setting}.`));
    if (!isOfSetting) {
      readConfigText(text, origin);
      throw error;
    }
    const subject = key === setting ? "" : ` "${key}"`;
    throw new AppError("USAGE", `Cannot set ${setting}:${subject} ${problem}`, {
      ...error.hint === undefined ? {} : { hint: error.hint },
      details: { setting, key, problem },
      cause: error,
    });
  }
}

/** What the user changes in a file that was approved, or was not there, is the user's word. */
async function approveOwnEdit(ctx: Context): Promise<void> {
  const { unapproved } = await loadConfig(ctx);
  if (unapproved !== null) await approveFolderFile(openHome(ctx), unapproved);
}

/** Names of services hold no dot; keys of secrets may. */
function entryPath(setting: string): EntryPath {
  if (setting === "store" || setting === "model") return [setting];
  const [, key] = /^model\.(name|baseURL|maxTokens|timeoutSec|stream)$/.exec(setting) ?? [];
  if (key !== undefined) return ["model", key];
  const [, section = "", name = ""] = /^(services|secrets|policy|llm)\.(.+)$/.exec(setting) ?? [];
  if (section !== "") return [section, name];
  throw new AppError("USAGE", `"${setting}" is not a setting`, {
    hint:
      "Settings: store, model, model.KEY, llm.prices, policy.allowExecSecrets, services.NAME, secrets.KEY",
    details: { setting },
  });
}

/** The model's name alone may stand for the mapping: neither takes the rest of the settings with it. */
function editModel(
  text: string,
  path: EntryPath,
  value: JsonValue | undefined,
  file: string,
): string {
  const present = readMapping(text, file)["model"];
  if (path.length === 1) {
    const isName = typeof value === "string" && isRecord(present);
    return editConfig(text, isName ? ["model", "name"] : path, value, file);
  }
  const mapping = typeof present === "string"
    ? editConfig(text, ["model"], { name: present }, file)
    : text;
  return editConfig(mapping, path, value, file);
}

function nested(path: EntryPath, value: JsonValue | undefined): JsonValue | undefined {
  const isService = path[0] === "services" && typeof value === "string";
  return isService ? { openapi: value } : value;
}

/** A command line is seen by every process and kept in the shell's history. */
function refuseLiteral(setting: string, value: JsonValue | undefined): void {
  const holdsLiteral = (part: unknown): boolean =>
    isRecord(part) &&
    (part.type === "literal" || typeof part.apiKey === "string" ||
      Object.values(part).some(holdsLiteral));
  const isSecret = setting.startsWith("secrets.") || setting === "model";
  if (!isSecret || !holdsLiteral(value)) return;
  throw new AppError("USAGE", "A secret is not given on the command line", {
    hint: "Use type env, file, exec or osKeychain, or write the literal into the file yourself",
    details: { setting },
  });
}
