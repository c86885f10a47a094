/** `app.json`: what an app is called and where it lives. */
import { AppError } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import type { Home } from "./home.ts";
import { readJsonFile, writeJsonFile } from "./json_file.ts";

export interface AppInfo {
  readonly name: string;
  readonly displayName: string;
  /** Origins the app is served from, the busiest first. */
  readonly baseUrls: readonly string[];
  /** ISO 8601, UTC. */
  readonly created: string;
  /** ISO 8601, UTC. */
  readonly updated: string;
}

/** @throws {AppError} `BAD_STORE` for a damaged file, `USAGE` for a malformed name. */
export async function readAppInfo(home: Home, app: string): Promise<AppInfo | null> {
  return await readJsonFile(home.appFile(app, "app.json"), validateAppInfo);
}

export async function writeAppInfo(home: Home, info: AppInfo): Promise<void> {
  await writeJsonFile(home.appFile(info.name, "app.json"), info);
}

function validateAppInfo(value: unknown): AppInfo {
  if (!isRecord(value)) throw new AppError("BAD_STORE", "it is not a JSON object");
  return {
    name: stringField(value, "name"),
    displayName: stringField(value, "displayName"),
    baseUrls: stringListField(value, "baseUrls"),
    created: stringField(value, "created"),
    updated: stringField(value, "updated"),
  };
}

function stringField(record: Record<string, unknown>, field: string): string {
  const value = record[field];
  if (typeof value === "string") return value;
  throw new AppError("BAD_STORE", `"${field}" is not a string`);
}

function stringListField(record: Record<string, unknown>, field: string): string[] {
  const value = record[field];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new AppError("BAD_STORE", `"${field}" is not a list of strings`);
}
