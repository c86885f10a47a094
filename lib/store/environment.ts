/**
 * `environment.json`: at which origins an environment of an app runs, by the recorded ones. What is known of the
 * app (script, proof, tools, probes) is read with these in place of those; nothing of it is written twice.
 */
import { AppError } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import { originOf } from "../base/origin.ts";
import { hostPort } from "../http/url.ts";
import { accountName, appOf } from "./account.ts";
import type { Home } from "./home.ts";
import { readJsonFile, writeJsonFile } from "./json_file.ts";

/** The origin of the environment by the recorded one. */
export type OriginMap = ReadonlyMap<string, string>;

/** `null` for a name that is of no environment, and for an environment that nothing is known of. */
export async function readOrigins(home: Home, name: string): Promise<OriginMap | null> {
  if (accountName(name).environment === null) return null;
  return await readJsonFile(pathOf(home, name), validateOrigins, { private: true });
}

/**
 * As `readOrigins()`, for whoever cannot go on without.
 *
 * @throws {AppError} `NOT_FOUND` for an environment that nothing is known of.
 */
export async function requireOrigins(home: Home, name: string): Promise<OriginMap | null> {
  const { app, environment } = accountName(name);
  if (environment === null) return null;
  const origins = await readOrigins(home, name);
  if (origins !== null) return origins;
  const known = await home.listEnvironments(app);
  throw new AppError("NOT_FOUND", `"${app}" has no environment "${environment}"`, {
    hint:
      `Say where it is, as apps.${app}.environments.${environment} of the configuration or with ` +
      `--base URL${known.length === 0 ? "" : `; there are: ${known.join(", ")}`}`,
    details: { app, environment, known },
  });
}

export async function writeOrigins(home: Home, name: string, origins: OriginMap): Promise<void> {
  await writeJsonFile(pathOf(home, name), { origins: Object.fromEntries(origins) });
}

/** The text with the origins of the environment in place of the recorded ones, percent-encoded ones too. */
export function inEnvironment(text: string, origins: OriginMap): string {
  const forms = [...origins].flatMap(([recorded, place]) => [
    [recorded, place] as const,
    [encodeURIComponent(recorded), encodeURIComponent(place)] as const,
  ]);
  const places = new Map(forms);
  const found = new RegExp(
    `(?:${
      [...places.keys()].toSorted((a, b) => b.length - a.length).map(RegExp.escape).join("|")
    })(?![\\w.-]|:\\d|%3A\\d)`,
    "g",
  );
  return text.replace(found, (recorded) => places.get(recorded)!);
}

/** A JSON value with the same. */
export function valueInEnvironment<T>(value: T, origins: OriginMap): T {
  return JSON.parse(inEnvironment(JSON.stringify(value), origins)) as T;
}

/** `host:port` of the environment; as it is where nothing is said of it. */
export function hostInEnvironment(host: string, origins: OriginMap): string {
  const recorded = [...origins].find(([origin]) => hostPort(new URL(origin)) === host);
  return recorded === undefined ? host : hostPort(new URL(recorded[1]));
}

function pathOf(home: Home, name: string): string {
  const { environment } = accountName(name);
  return home.appFile(`${appOf(name)}:${environment}`, "environment.json");
}

function validateOrigins(value: unknown): OriginMap {
  const origins = isRecord(value) ? value["origins"] : undefined;
  if (!isRecord(origins)) throw new TypeError(`"origins" is not a JSON object`);
  return new Map(
    Object.entries(origins).map(([recorded, place]) => {
      if (originOf(recorded) !== recorded || originOf(String(place)) !== place) {
        throw new TypeError(`"origins" holds something that is not an origin`);
      }
      return [recorded, String(place)];
    }),
  );
}
