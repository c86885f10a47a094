/** `auth.json`: what is known about the auth script of an app. It holds no secret. */
import type { Context } from "../base/context.ts";
import { type Locator, LOCATORS } from "../codec/locators.ts";
import type { ExplainedValue, Input } from "../correlate/flow.ts";
import type { WatchedConstant } from "../correlate/watched_constants.ts";
import { appOf, isPartOfApp } from "../store/account.ts";
import {
  hostInEnvironment,
  type OriginMap,
  requireOrigins,
  valueInEnvironment,
} from "../store/environment.ts";
import type { Home } from "../store/home.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import { withLock } from "../store/lock.ts";
import { type ProbeRequest, validateProbe } from "./probe_request.ts";
import { type ProofRecord, validateProof } from "./proof_record.ts";
import { type RecordedStep, validateStep } from "./recorded_step.ts";
import { readAuthScript } from "./script_file.ts";
import {
  choiceField,
  field,
  isBoolean,
  isList,
  isListOf,
  isObject,
  isString,
  objectOf,
  textFields,
} from "./fields.ts";

export interface AuthRecord {
  /** `host:port` of every host the script may reach. */
  readonly hosts: readonly string[];
  /** Origins the credentials it yields may be sent to. */
  readonly apiOrigins: readonly string[];
  readonly inputs: readonly AuthInput[];
  /** `inferred`: no recording shows the refresh. */
  readonly refresh: "recorded" | "inferred" | "none";
  /** `null` for a script that was never proven. */
  readonly proof: ProofRecord | null;
  /** Of the script when this record was made, lower-case hex. */
  readonly scriptSha256: string;
  readonly source: "correlation" | "adopted" | "model";
  /** The user's word that the script may run live. */
  readonly consent: Consent | null;
  readonly probe: ProbeRequest | null;
  /** Further requests of the kind of `probe`, to other endpoints. */
  readonly moreProbes: readonly ProbeRequest[];
  readonly values: readonly ExplainedValue[];
  /** What the recording shows of the steps; empty for an adopted script. */
  readonly steps: readonly RecordedStep[];
  /** Constants of the script that the answers of a live login may show to be none. */
  readonly watched: readonly WatchedConstant[];
  /** Places of recorded requests whose value live answers showed to change with the session. */
  readonly learnt: readonly LearntPlace[];
}

/** `place` as in `WatchedConstant`. */
export type LearntPlace = Pick<WatchedConstant, "trace" | "place">;

export type AuthInput = Pick<Input, "name" | "label" | "secret" | "kind">;

/** Good for exactly this script and these hosts. */
export interface Consent {
  readonly scriptSha256: string;
  readonly hosts: readonly string[];
  /** ISO 8601, UTC. */
  readonly givenAt: string;
}

const LOCK_WAIT_MS = 10_000;

/**
 * The record of an app; for an account or an environment with the consent given there, and with the hosts of
 * the environment.
 *
 * @throws {AppError} `BAD_STORE` for a damaged file or one that others can read, `NOT_FOUND` for an unknown
 *   environment.
 */
export async function readAuthRecord(home: Home, app: string): Promise<AuthRecord | null> {
  const record = await readJsonFile(authPath(home, app), validateAuthRecord, { private: true });
  if (record === null || !isPartOfApp(app)) return record;
  const consent = await readJsonFile(consentPath(home, app), validateConsent, { private: true });
  const origins = await requireOrigins(home, app);
  return { ...origins === null ? record : await placed(home, app, record, origins), consent };
}

/** The record with the origins of an environment; what is proven of the script is so of its text there. */
async function placed(
  home: Home,
  app: string,
  record: AuthRecord,
  origins: OriginMap,
): Promise<AuthRecord> {
  const written = await readAuthScript(home, appOf(app));
  const there = await readAuthScript(home, app);
  const shaOf = (sha256: string) => sha256 === written?.sha256 ? there!.sha256 : sha256;
  const { proof, scriptSha256, hosts, ...rest } = record;
  return {
    ...valueInEnvironment(rest, origins),
    hosts: [...new Set(hosts.map((host) => hostInEnvironment(host, origins)))],
    scriptSha256: shaOf(scriptSha256),
    proof: proof === null
      ? null
      : { ...valueInEnvironment(proof, origins), scriptSha256: shaOf(proof.scriptSha256) },
  };
}

/** Of an app as a whole. */
export async function writeAuthRecord(home: Home, app: string, record: AuthRecord): Promise<void> {
  await writeJsonFile(authPath(home, app), validateAuthRecord(record));
}

/**
 * Changes members of the record while no other process does; a record that is gone stays gone. Consent is that of
 * the name, all else of its app.
 */
export async function updateAuthRecord(
  ctx: Pick<Context, "signal">,
  home: Home,
  name: string,
  change: Partial<Pick<AuthRecord, "consent" | "proof" | "scriptSha256" | "learnt">>,
): Promise<void> {
  const options = { timeoutMs: LOCK_WAIT_MS, signal: ctx.signal };
  const app = appOf(name);
  const { consent, ...shared } = change;
  await withLock(authPath(home, app), options, async () => {
    const record = await readAuthRecord(home, app);
    if (record === null) return;
    const changed = isPartOfApp(name) ? shared : change;
    if (Object.keys(changed).length > 0) {
      await writeAuthRecord(home, app, { ...record, ...changed });
    }
    if (isPartOfApp(name) && consent !== undefined) {
      await writeJsonFile(
        consentPath(home, name),
        consent === null ? null : validateConsent(consent),
      );
    }
  });
}

function consentPath(home: Home, app: string): string {
  return home.appFile(app, "consent.json");
}

/** @throws {TypeError} naming the member that is not as it should be. */
export function validateAuthRecord(value: unknown): AuthRecord {
  const fields = objectOf(value, RECORD_MEMBERS);
  return {
    hosts: field(fields, "hosts", isStrings, "a list of texts"),
    apiOrigins: field(fields, "apiOrigins", isStrings, "a list of texts"),
    inputs: field(fields, "inputs", isList, "a list").map(validateInput),
    refresh: choiceField(fields, "refresh", REFRESHES),
    proof: fields["proof"] === null ? null : validateProof(fields["proof"]),
    ...textFields(fields, ["scriptSha256"]),
    source: choiceField(fields, "source", SOURCES),
    consent: fields["consent"] === null ? null : validateConsent(fields["consent"]),
    probe: fields["probe"] === null ? null : validateProbe(fields["probe"]),
    moreProbes: listOf(fields, "moreProbes").map((probe) => validateProbe(probe)),
    values: field(fields, "values", isList, "a list").map(validateValue),
    steps: listOf(fields, "steps").map(validateStep),
    watched: listOf(fields, "watched").map(validateWatched),
    learnt: listOf(fields, "learnt").map(validateLearnt),
  };
}

/** Records of earlier versions lack the member. */
function listOf(fields: Readonly<Record<string, unknown>>, name: string): unknown[] {
  return fields[name] === undefined ? [] : field(fields, name, isList, "a list");
}

const RECORD_MEMBERS = [
  "hosts",
  "apiOrigins",
  "inputs",
  "refresh",
  "proof",
  "scriptSha256",
  "source",
  "consent",
  "probe",
  "moreProbes",
  "values",
  "steps",
  "watched",
  "learnt",
] as const satisfies readonly (keyof AuthRecord)[];

const REFRESHES = ["recorded", "inferred", "none"] as const;
const SOURCES = ["correlation", "adopted", "model"] as const;
const INPUT_KINDS = [
  "identifier",
  "password",
  "one-time-code",
  "api-key",
  "link",
  "other",
] as const;
const VALUE_KINDS = [
  "credential",
  "one-time-code",
  "input",
  "constant",
  "generated",
  "extracted",
  "computed",
  "cookie",
  "approval",
  "unexplained",
] as const;

const isStrings = isListOf(isString);

function authPath(home: Home, app: string): string {
  return home.appFile(app, "auth.json");
}

function validateInput(value: unknown): AuthInput {
  const fields = objectOf(value, ["name", "label", "secret", "kind"], `an entry of "inputs"`);
  return {
    ...textFields(fields, ["name", "label"]),
    secret: field(fields, "secret", isBoolean, "true or false"),
    kind: choiceField(fields, "kind", INPUT_KINDS),
  };
}

function validateConsent(value: unknown): Consent {
  const fields = objectOf(value, ["scriptSha256", "hosts", "givenAt"], `"consent"`);
  return {
    ...textFields(fields, ["scriptSha256", "givenAt"]),
    hosts: field(fields, "hosts", isStrings, "a list of texts"),
  };
}

function validateValue(value: unknown): ExplainedValue {
  const fields = objectOf(value, ["where", "from", "kind"], `an entry of "values"`);
  return {
    ...textFields(fields, ["where", "from"]),
    kind: choiceField(fields, "kind", VALUE_KINDS),
  };
}

function validateWatched(value: unknown): WatchedConstant {
  const what = `an entry of "watched"`;
  const fields = objectOf(value, ["where", "trace", "place", "value", "answer"], what);
  const answer = objectOf(fields["answer"], ["request", "locator"], `"answer"`);
  return {
    ...textFields(fields, ["where", "trace", "place", "value"]),
    answer: {
      ...textFields(answer, ["request"]),
      locator: field(answer, "locator", isLocator, "a place in an answer"),
    },
  };
}

function validateLearnt(value: unknown): LearntPlace {
  const fields = objectOf(value, ["trace", "place"], `an entry of "learnt"`);
  return textFields(fields, ["trace", "place"]);
}

function isLocator(value: unknown): value is Locator {
  if (!isObject(value) || typeof value["kind"] !== "string") return false;
  if (!Object.hasOwn(LOCATORS, value["kind"])) return false;
  return value["kind"] === "json" ? isListOf(isKey)(value["path"]) : isString(value["name"]);
}

function isKey(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
