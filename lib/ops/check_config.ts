/**
 * Reads the whole configuration and every document it names, and says what would keep a tool from being
 * called. Secrets are not resolved: that happens when a tool is called, and `auth explain` shows it.
 */
import type { Config, ServiceConfig, UnapprovedFile } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { describeSource, textSourcesIn } from "../base/config_sources.ts";
import { nearName } from "../base/near_name.ts";
import { listLabels, matchingLabel } from "../base/labels.ts";
import { loginPrompts } from "./login_plan.ts";
import { AppError } from "../base/error.ts";
import type { SkippedOperation } from "../openapi/operation.ts";
import { changeOf } from "../resolve/approval.ts";
import { readApproval } from "../resolve/approval_file.ts";
import { unsupportedReason } from "../resolve/fit.ts";
import { appOf } from "../store/account.ts";
import { type Home, openHome } from "../store/home.ts";
import { loadConfig } from "../store/load_config.ts";
import { loadCatalog, type LoadedService } from "./service_catalog.ts";
import { baseUrlOf } from "./service_urls.ts";
import { type WantedSecret, wantedSecrets } from "./service_secrets.ts";

export interface CheckedConfig {
  /** False when a service has a problem. */
  readonly ok: boolean;
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  readonly services: readonly CheckedService[];
  /** Keys under `secrets` that no scheme of any service looks for. */
  readonly unusedSecrets: readonly string[];
}

export interface CheckedService {
  readonly service: string;
  readonly openapi: string;
  readonly operations: number;
  readonly skipped: readonly SkippedOperation[];
  readonly schemes: readonly {
    readonly scheme: string;
    /** The key under `secrets` that was found; `null` when there is none. */
    readonly secret: string | null;
  }[];
  readonly problems: readonly string[];
}

/** @throws {AppError} `BAD_CONFIG` naming file, line and column. */
export async function checkConfig(ctx: Context): Promise<CheckedConfig> {
  const home = openHome(ctx);
  const config = await loadConfig(ctx);
  const apps = new Set(await home.listApps());
  const used = new Set<string>();
  const waiting = config.unapproved?.services ?? [];
  const services: CheckedService[] = waiting.map((name) => notApproved(name, config.unapproved!));
  for (const service of config.services.values()) {
    if (waiting.includes(service.name)) continue;
    services.push(await checkService(ctx, home, config, service, used));
  }
  const clashes = services.filter(({ service }) => apps.has(service))
    .map(({ service }) => `"${service}" is both an app and a service; its name means the app`);
  return {
    ok: services.every(({ problems }) => problems.length === 0),
    files: [...config.files, ...(config.unapproved === null ? [] : [config.unapproved.file])],
    warnings: [
      ...config.warnings,
      ...clashes,
      ...waitingWarnings(config),
      ...unknownApps(config, [...apps]),
      ...sourceWarnings(ctx, config, used),
      ...await answerWarnings(ctx, config),
    ],
    services,
    unusedSecrets: [...config.secrets.keys()].filter((key) => !used.has(key)),
  };
}

/** Nothing of it is read, its document neither. */
function notApproved(service: string, { file }: UnapprovedFile): CheckedService {
  const problems = [`"${file}" is not approved as it is now; keysmith config approve`];
  return { service, openapi: "", operations: 0, skipped: [], schemes: [], problems };
}

function waitingWarnings({ unapproved }: Config): string[] {
  if (unapproved === null) return [];
  return unapproved.says.map((line) => `"${unapproved.file}" is not approved; it would ${line}`);
}

/** An app may be configured before it is recorded, or its name be misspelt. */
function unknownApps({ apps }: Config, known: readonly string[]): string[] {
  return [...apps.keys()].filter((name) => !known.includes(appOf(name))).map((name) => {
    const near = nearName(appOf(name), known);
    const there = known.length === 0 ? "there are none yet" : `there are: ${known.join(", ")}`;
    return `apps.${name}: no app is named "${appOf(name)}"${
      near === undefined ? `; ${there}` : `; did you mean "${near}"?`
    }`;
  });
}

/** What can be told of sources without asking one: programs that may not be run, variables that are not there. */
function sourceWarnings(
  { env }: Context,
  { policy, secrets, apps }: Config,
  used: ReadonlySet<string>,
): string[] {
  const wanted = [...secrets.values()].filter(({ key }) => used.has(key));
  const programs = policy.allowExecSecrets
    ? []
    : wanted.filter(({ source }) => textSourcesIn(source).some(({ type }) => type === "exec"));
  const places = [
    ...wanted.map(({ key, source }) => ({ place: `secret "${key}"`, source })),
    ...[...apps.values()].flatMap(({ name, answers }) =>
      [...answers].map(([label, source]) => ({ place: `apps.${name}: answer "${label}"`, source }))
    ),
  ];
  return [
    ...programs.map(({ key }) =>
      `secret "${key}" runs a program, which is switched off: keysmith config set policy.allowExecSecrets true`
    ),
    ...places.flatMap(({ place, source }) =>
      textSourcesIn(source)
        .filter((text) => text.type === "env" && env.get(text.value) === undefined)
        .map((text) => `${place}: ${describeSource(text)} is not set`)
    ),
  ];
}

/** Answers that no prompt of their app's login asks for. */
async function answerWarnings(ctx: Context, { apps }: Config): Promise<string[]> {
  const warnings: string[] = [];
  for (const { name, answers } of apps.values()) {
    const { labels } = await loginPrompts(ctx, appOf(name));
    const unknown = [...answers].filter(([label, { type }]) =>
      type !== "confirm" && labels.length > 0 && matchingLabel(labels, label) === undefined
    );
    for (const [label] of unknown) {
      warnings.push(
        `the login of "${name}" does not ask for "${label}", but for ${listLabels(labels)}`,
      );
    }
  }
  return warnings;
}

async function checkService(
  ctx: Context,
  home: Home,
  config: Config,
  service: ServiceConfig,
  used: Set<string>,
): Promise<CheckedService> {
  try {
    const catalog = await loadCatalog(ctx, home, service);
    const loaded = { config, service, catalog };
    const wanted = wantedSecrets(loaded);
    for (const { key } of wanted) if (key !== null) used.add(key);
    return {
      service: service.name,
      openapi: service.openapi,
      operations: catalog.operations.length,
      skipped: catalog.skipped,
      schemes: wanted.map(({ scheme, key }) => ({ scheme, secret: key })),
      problems: await problemsOf(home, loaded, wanted),
    };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
    const { name, openapi } = service;
    const problems = [error.message];
    return { service: name, openapi, operations: 0, skipped: [], schemes: [], problems };
  }
}

async function problemsOf(
  home: Home,
  { service, catalog }: LoadedService,
  wanted: readonly WantedSecret[],
): Promise<string[]> {
  const approval = await readApproval(home, service);
  const changed = [...catalog.schemes.values()].flatMap((scheme) => {
    const change = changeOf(approval, scheme);
    if (change === null) return [];
    return [
      `scheme "${scheme.name}" changed from ${change.before} to ${change.now}; ` +
      `keysmith config approve ${service.name}`,
    ];
  });
  const unusable = wanted.flatMap(({ scheme, requirement }) => {
    const reason = unsupportedReason(requirement);
    return reason === null ? [] : [`scheme "${scheme}": ${reason}`];
  });
  return [...serverProblems({ service, catalog }), ...changed, ...unusable];
}

/** Each distinct problem once: operations share their servers. */
function serverProblems({ service, catalog }: Omit<LoadedService, "config">): string[] {
  const problems = new Set<string>();
  for (const operation of catalog.operations) {
    try {
      baseUrlOf(catalog, service, operation);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.add(error.hint === undefined ? error.message : `${error.message}: ${error.hint}`);
    }
  }
  return [...problems];
}
