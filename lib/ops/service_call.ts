/** One call of a service's operation, prepared: the request without credentials, and what it asks for. */
import type { BrowserLogin } from "../base/browser_login.ts";
import type { Context } from "../base/context.ts";
import { AppError, messageOf } from "../base/error.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { argumentSchema } from "../openapi/argument_schema.ts";
import { buildRequest } from "../openapi/build_request.ts";
import type { Operation } from "../openapi/operation.ts";
import { DocumentProblem } from "../openapi/reference.ts";
import type { Approval } from "../resolve/approval.ts";
import { askedSecurity } from "../resolve/attach.ts";
import { SecretStore } from "../resolve/credential_source.ts";
import type { ResolutionInput } from "../resolve/decide.ts";
import type { CachedToken } from "../resolve/oauth/token_cache.ts";
import type { Home } from "../store/home.ts";
import { type Arguments, checkArguments } from "../tools/arguments.ts";
import {
  baseUrlOf,
  configuredOrigins,
  documentOrigins,
  type LoadedService,
} from "./service_catalog.ts";

/** What a call knows before it asks for credentials. */
export interface ServiceCall {
  readonly loaded: LoadedService;
  readonly operation: Operation;
  readonly baseUrl: string;
}

export interface AuthOptions {
  readonly approval: Approval | null;
  /** True when the user may be asked. */
  readonly mayInteract: boolean;
  /** Scopes a server asked for on top of the document's. */
  readonly extraScopes?: readonly string[];
}

/** OAuth tokens of secrets with `tokenStorage: memory`, for as long as the process runs. */
const memoryTokens = new WeakMap<object, Map<string, readonly CachedToken[]>>();

export function prepareCall(loaded: LoadedService, operation: Operation): ServiceCall {
  return { loaded, operation, baseUrl: baseUrlOf(loaded.catalog, loaded.service, operation) };
}

/**
 * The request of the call, arguments checked, without credentials.
 *
 * @throws {AppError} `USAGE` naming the argument; `BAD_INPUT` for a schema that cannot be used.
 */
export function requestOf(
  { loaded, operation, baseUrl }: ServiceCall,
  given: Readonly<Record<string, unknown>>,
  contentType: string | undefined,
): HttpRequest {
  const args = checkedArguments(loaded, operation, given, contentType);
  return buildRequest(operation, args, { baseUrl, contentType });
}

function checkedArguments(
  loaded: LoadedService,
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  contentType: string | undefined,
): Arguments {
  try {
    const schema = argumentSchema(loaded.catalog, operation, { contentType });
    return checkArguments(schema, byArgument(operation, given));
  } catch (error) {
    if (!(error instanceof DocumentProblem)) throw error;
    throw new AppError("BAD_INPUT", `"${operation.tool}" cannot be called: ${messageOf(error)}`, {
      details: { file: loaded.service.openapi },
    });
  }
}

/** Callers may also use a parameter's own name where it differs from its argument's: `filter[name]`. */
function byArgument(
  { parameters, body }: Operation,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const taken = new Set([...parameters.map(({ argument }) => argument), body?.argument]);
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const own = parameters.filter((parameter) => parameter.name === name);
      return [taken.has(name) || own.length !== 1 ? name : own[0]!.argument, value];
    }),
  );
}

/** What the resolver is asked about this call. */
export function resolutionInput(call: ServiceCall, options: AuthOptions): ResolutionInput {
  const { config, service, catalog } = call.loaded;
  const asked = askedSecurity(call.operation.security, service.attach, catalog.schemes);
  const configured = configuredOrigins(service, call.baseUrl);
  return {
    service: {
      name: service.name,
      isForeign: service.origin.layer === "project",
      origins: configured ?? options.approval?.origins ?? documentOrigins(catalog, service),
    },
    alternatives: asked.alternatives,
    configured: asked.configured,
    secrets: config.secrets,
    policy: config.policy,
    target: new URL(call.baseUrl).origin,
    approval: options.approval,
    mayInteract: options.mayInteract,
    extraScopes: options.extraScopes ?? [],
  };
}

/** Where the credentials of the call come from. */
export function secretStoreFor(
  ctx: Context,
  home: Home,
  call: ServiceCall,
  browser: BrowserLogin | null,
): SecretStore {
  const memory = memoryTokens.get(ctx.redactor) ?? new Map<string, readonly CachedToken[]>();
  memoryTokens.set(ctx.redactor, memory);
  const { config, service } = call.loaded;
  return new SecretStore(ctx, home, {
    config,
    service: service.name,
    baseUrl: call.baseUrl,
    browser,
    memory,
  });
}
