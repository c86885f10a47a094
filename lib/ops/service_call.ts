/** One call of a service's operation, prepared: the request without credentials, and what it asks for. */
import { automaticLogin } from "./automatic_login.ts";
import type { BrowserLogin } from "../base/browser_login.ts";
import type { ServiceConfig } from "../base/config.ts";
import { isHttpUrl } from "../base/config_values.ts";
import type { Context } from "../base/context.ts";
import { AppError, messageOf } from "../base/error.ts";
import {
  isRecord,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  parseJson,
} from "../base/json.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { argumentSchema } from "../openapi/argument_schema.ts";
import { buildRequest, requireContent } from "../openapi/build_request.ts";
import type { Operation } from "../openapi/operation.ts";
import { DocumentProblem } from "../openapi/reference.ts";
import type { Approval } from "../resolve/approval.ts";
import { askedSecurity } from "../resolve/attach.ts";
import { SecretStore } from "../resolve/credential_source.ts";
import type { ResolutionInput } from "../resolve/resolution_input.ts";
import type { CachedToken } from "../resolve/oauth/token_cache.ts";
import type { Home } from "../store/home.ts";
import {
  type Arguments,
  checkArguments,
  type FlatMembers,
  propertiesOf,
} from "../tools/arguments.ts";
import { viewOf } from "../tools/schema_view.ts";
import { isPrivateHost } from "../tools/target.ts";
import { type LoadedService } from "./service_catalog.ts";
import { baseUrlOf, configuredOrigins, destinations } from "./service_urls.ts";

/** What a call knows before it asks for credentials. */
export interface ServiceCall {
  readonly loaded: LoadedService;
  readonly operation: Operation;
  readonly baseUrl: string;
  /** Of `baseUrl`. */
  readonly origin: string;
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

/** By operation, the last one: the same for as long as configuration and catalog are. */
const preparedCalls = new WeakMap<Operation, ServiceCall>();

/** @throws {AppError} `BAD_CONFIG`, `ORIGIN_REFUSED`: see `baseUrlOf` and `checkReach`. */
export function prepareCall(loaded: LoadedService, operation: Operation): ServiceCall {
  const known = preparedCalls.get(operation);
  const isSame = known?.loaded.config === loaded.config &&
    known.loaded.service === loaded.service && known.loaded.catalog === loaded.catalog;
  if (isSame) return known;
  const call = newCall(loaded, operation);
  preparedCalls.set(operation, call);
  return call;
}

function newCall(loaded: LoadedService, operation: Operation): ServiceCall {
  const baseUrl = baseUrlOf(loaded.catalog, loaded.service, operation);
  checkReach(loaded.service, new URL(baseUrl));
  return { loaded, operation, baseUrl, origin: new URL(baseUrl).origin };
}

/** A document from the public network does not lead into a private one, or to this machine, by itself. */
function checkReach({ openapi, server, origins }: ServiceConfig, target: URL): void {
  const isNamed = server !== null || origins?.includes(target.origin);
  const isOutside = isHttpUrl(openapi) && !isPrivateHost(new URL(openapi).hostname);
  if (isNamed || !isOutside || !isPrivateHost(target.hostname)) return;
  throw new AppError(
    "ORIGIN_REFUSED",
    `"${openapi}" leads into a private network, to "${target.origin}"`,
    {
      hint: `Set "server" of the service if that is where it is`,
      details: { origin: target.origin },
    },
  );
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
  const { args, ...chosen } = chosenArguments(loaded, operation, given, contentType);
  return buildRequest(operation, args, { baseUrl, ...chosen });
}

interface ChosenArguments {
  readonly args: Arguments;
  /** What the body is written as; `undefined` without a body. */
  readonly contentType: string | undefined;
}

/**
 * The arguments for the media type that was asked for, by `contentType` or by the argument for it; else for
 * the first one that they fit: a file goes into a form although the operation takes JSON, too.
 */
function chosenArguments(
  loaded: LoadedService,
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  contentType: string | undefined,
): ChosenArguments {
  const { body } = operation;
  const asked = contentType ?? askedType(operation, given);
  if (asked !== undefined) requireContent(operation, asked);
  const { [body?.typeArgument ?? ""]: _, ...rest } = given;
  const args = body?.typeArgument ? rest : given;
  const check = (type: string | undefined): ChosenArguments => ({
    args: checkedArguments(loaded, operation, args, type),
    contentType: type,
  });
  if (asked !== undefined || body === null) return check(asked);
  return firstThatFits(body.contents.map(({ mediaType }) => mediaType), check);
}

function askedType({ body }: Operation, given: Readonly<Record<string, unknown>>) {
  const type = body === null || body.typeArgument === null ? undefined : given[body.typeArgument];
  return typeof type === "string" && type !== "" ? type : undefined;
}

/** What does not fit any is told of the first one, the preferred one. */
function firstThatFits(
  types: readonly string[],
  check: (type: string) => ChosenArguments,
): ChosenArguments {
  const [first, ...others] = types;
  try {
    return check(first!);
  } catch (error) {
    for (const type of others) {
      try {
        return check(type);
      } catch {
        // The preferred type is the one whose problem is told.
      }
    }
    throw error;
  }
}

/** Of one operation, whose schemas are kept: callers may name any. */
const MAX_MEDIA_TYPES = 20;

/** By operation and media type, for as long as the catalog is in use: most calls are of few operations. */
const callSchemas = new WeakMap<Operation, Map<string, JsonSchema>>();

function callSchema(
  { catalog }: LoadedService,
  operation: Operation,
  contentType: string | undefined,
): JsonSchema {
  const known = callSchemas.get(operation) ?? new Map<string, JsonSchema>();
  callSchemas.set(operation, known);
  const key = contentType ?? "";
  if (known.size > MAX_MEDIA_TYPES) known.clear();
  const schema = known.get(key) ??
    argumentSchema(catalog, operation, { contentType, namedParts: true });
  known.set(key, schema);
  return schema;
}

function checkedArguments(
  loaded: LoadedService,
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  contentType: string | undefined,
): Arguments {
  try {
    const schema = callSchema(loaded, operation, contentType);
    const { args, flat } = byArgument(operation, schema, given);
    return checkArguments(schema, args, flat);
  } catch (error) {
    if (!(error instanceof DocumentProblem)) throw error;
    throw new AppError("BAD_INPUT", `"${operation.tool}" cannot be called: ${messageOf(error)}`, {
      details: { file: loaded.service.openapi },
    });
  }
}

/**
 * The arguments under the names of the schema. Callers may also use a parameter's own name where it
 * differs (`filter[name]`), and name members of the body as if they were arguments (`subject`).
 */
function byArgument(
  { parameters, body }: Operation,
  schema: JsonSchema,
  given: Readonly<Record<string, unknown>>,
): { readonly args: Record<string, unknown>; readonly flat: FlatMembers | undefined } {
  const known = propertiesOf(schema);
  const members = body === null ? {} : membersOf(schema, known[body.argument]);
  const args: Record<string, unknown> = {};
  const inBody: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const own = Object.hasOwn(known, name)
      ? []
      : parameters.filter((parameter) => parameter.name === name);
    if (own.length === 1) args[own[0]!.argument] = value;
    else if (!Object.hasOwn(known, name) && Object.hasOwn(members, name)) inBody[name] = value;
    else args[name] = value;
  }
  if (body === null || Object.keys(inBody).length === 0) return { args, flat: undefined };
  const whole = wholeBody(args[body.argument]);
  return {
    args: { ...args, [body.argument]: { ...whole, ...inBody } },
    flat: { body: body.argument },
  };
}

/** By the schema of all arguments, which stays: see `callSchemas`. */
const bodyMembers = new WeakMap<object, JsonObject>();

/** The members that a body may have: its own, those of `allOf`, and those of its alternatives. */
function membersOf(schema: JsonSchema, body: JsonValue | undefined): JsonObject {
  const known = typeof schema === "object" ? bodyMembers.get(schema) : undefined;
  if (known !== undefined) return known;
  const view = viewOf(schema);
  const members = Object.assign(
    Object.create(null),
    ...view.alternatives(body).map((one) => view.members(one)),
    view.members(body),
  );
  if (typeof schema === "object") bodyMembers.set(schema, members);
  return members;
}

/** The body that was given beside some of its members; it may be JSON text. */
function wholeBody(given: unknown): Record<string, unknown> {
  const whole = typeof given === "string" ? parseJson(given) : given;
  return isRecord(whole) ? whole : {};
}

/** What the resolver is asked about this call. */
export function resolutionInput(call: ServiceCall, options: AuthOptions): ResolutionInput {
  const { config, service, catalog } = call.loaded;
  const asked = askedSecurity(call.operation.security, service.attach, catalog.schemes);
  const isForeign = service.origin.layer === "project";
  const named = options.approval?.origins ?? (isForeign ? [] : destinations(catalog, service));
  const configured = configuredOrigins(service, call.origin);
  return {
    service: {
      name: service.name,
      isForeign,
      origins: configured ?? named,
      endpointOrigins: service.origins === null ? [...named, ...configured ?? []] : configured!,
    },
    alternatives: asked.alternatives,
    configured: asked.configured,
    secrets: config.secrets,
    policy: config.policy,
    target: call.origin,
    baseUrl: call.baseUrl,
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
    loginTo: (app) => automaticLogin(ctx, home, app),
    config,
    service: service.name,
    baseUrl: call.baseUrl,
    browser,
    memory,
  });
}
