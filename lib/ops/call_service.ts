/**
 * A call of a service's operation: arguments, credentials, request, answer. When the answer says that a
 * credential that can be renewed is no longer good (401), or that its scopes do not reach (403
 * `insufficient_scope`, RFC 6750 section 3.1), it is renewed and the request sent once more, unless it
 * may have had an effect.
 */
import type { BrowserLogin } from "../base/browser_login.ts";
import type { ServiceConfig } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { recently } from "../base/recently.ts";
import { AppError } from "../base/error.ts";
import { parseChallenges } from "../http/challenge.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { headerValues } from "../http/headers.ts";
import { type AppliedCredentials, applyPlacement } from "../resolve/apply.ts";
import type { Approval } from "../resolve/approval.ts";
import { readApproval } from "../resolve/approval_file.ts";
import { Misfit } from "../resolve/fit.ts";
import { type Resolution, resolveAuth } from "../resolve/resolve_auth.ts";
import type { Verdict } from "../resolve/verdict.ts";
import { type Home, openHome } from "../store/home.ts";
import { atPage } from "../tools/at_page.ts";
import { hasCredentials } from "../tools/credentials.ts";
import { isIdempotentMethod } from "../tools/definition.ts";
import type { ToolResponse } from "../tools/response.ts";
import { type SendOptions, sendRequest } from "../tools/send.ts";
import { firstApproval } from "./approve_service.ts";
import { unresolvedError, unusableError } from "./service_auth_error.ts";
import {
  prepareCall,
  requestOf,
  resolutionInput,
  secretStoreFor,
  type ServiceCall,
} from "./service_call.ts";
import { loadService, requireOperation, withSoundCatalog } from "./service_catalog.ts";
import { TimedCredentials } from "./timed_credentials.ts";

export interface CallServiceInput
  extends Pick<SendOptions, "timeoutMs" | "maxBytes" | "allowHttp" | "keepPartial" | "onItem"> {
  readonly service: string;
  /** Tool name, operation id, or `GET /pets/{id}`. */
  readonly tool: string;
  /** By argument; texts are read as what the document declares. */
  readonly args: Readonly<Record<string, unknown>>;
  /** The body's media type, where the operation accepts several. */
  readonly contentType?: string;
  /** In place of the address that the arguments make: another page, on the same origin. */
  readonly pageUrl?: string;
  /** The user's browser; without one a login asks for the address the browser ended on. */
  readonly browser?: BrowserLogin;
}

export interface CallServiceOutput {
  /** Whatever its status. */
  readonly response: ToolResponse;
  /** How the credentials were chosen. */
  readonly verdict: Verdict;
}

/**
 * @throws {AppError} `NOT_FOUND`, `USAGE` naming the argument, `AUTH_NEEDED` with the verdict when no
 * alternative can be satisfied (`AUTH_REFUSED`, `UNREACHABLE`, `UPSTREAM_FAILED` when a token endpoint is
 * the reason), and what `sendRequest` throws.
 */
export async function callServiceTool(
  ctx: Context,
  input: CallServiceInput,
): Promise<CallServiceOutput> {
  const home = openHome(ctx);
  const { call, request } = await withSoundCatalog(ctx, async () => {
    const loaded = await loadService(ctx, home, input.service);
    const operation = requireOperation(loaded.catalog, input.service, input.tool);
    const call = prepareCall(loaded, operation);
    return { call, request: atPage(requestOf(call, input.args, input.contentType), input.pageUrl) };
  });
  return await new Attempt(ctx, home, call, request, input).run();
}

class Attempt {
  readonly #ctx: Context;
  readonly #home: Home;
  readonly #call: ServiceCall;
  readonly #request: HttpRequest;
  readonly #input: CallServiceInput;
  readonly #store: TimedCredentials;

  constructor(
    ctx: Context,
    home: Home,
    call: ServiceCall,
    request: HttpRequest,
    input: CallServiceInput,
  ) {
    this.#ctx = ctx;
    this.#home = home;
    this.#call = call;
    this.#request = request;
    this.#input = input;
    const { browser = null, timeoutMs } = input;
    const open = (ctx: Context) => secretStoreFor(ctx, home, call, browser);
    this.#store = new TimedCredentials(ctx, open, timeoutMs);
  }

  async run(): Promise<CallServiceOutput> {
    const approval = await this.#approval();
    const first = await this.#resolve(approval, [], new Map());
    const response = await this.#send(first);
    const again = await this.#renewed(approval, first, response);
    if (again === null) return { response, verdict: first.verdict };
    if (!mayRepeat(this.#request.method, response)) throw this.#notRepeated(response);
    return { response: await this.#send(again), verdict: again.verdict };
  }

  /** What was approved; on the first use of the service, what its document says now. */
  async #approval(): Promise<Approval | null> {
    const { service } = this.#call.loaded;
    const known = await this.#known(service);
    if (known !== null) return known;
    const asks = resolutionInput(this.#call, { approval: known, mayInteract: false }).alternatives
      .some((alternative) => alternative.length > 0);
    if (!asks) return known;
    return await firstApproval(this.#home, this.#call.loaded);
  }

  /** Of moments ago. Where there was none and it matters, the first use looks again under its lock. */
  async #known(service: ServiceConfig): Promise<Approval | null> {
    const key = `approval\n${service.name}\n${service.origin.file}`;
    return await recently(this.#ctx, key, () => readApproval(this.#home, service));
  }

  async #resolve(
    approval: Approval | null,
    extraScopes: readonly string[],
    known: Resolution["outcomes"],
  ): Promise<Resolution> {
    const mayInteract = this.#ctx.term.interactive;
    const input = resolutionInput(this.#call, { approval, mayInteract, extraScopes });
    const resolution = await resolveAuth(input, this.#store, known);
    if (resolution.placement !== null) return resolution;
    throw unresolvedError(this.#input.service, this.#call.operation.tool, resolution);
  }

  async #send({ placement }: Resolution): Promise<ToolResponse> {
    const credentials = await this.#apply(placement!);
    try {
      const { maxBytes, allowHttp, keepPartial, onItem } = this.#input;
      const timeoutMs = this.#store.leftMs;
      return await sendRequest(this.#ctx, this.#request, {
        credentials,
        origins: hasCredentials(credentials) ? [this.#call.origin] : [],
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(maxBytes === undefined ? {} : { maxBytes }),
        ...(allowHttp === undefined ? {} : { allowHttp }),
        ...(keepPartial === undefined ? {} : { keepPartial }),
        ...(onItem === undefined ? {} : { onItem }),
      });
    } finally {
      credentials.client?.close();
    }
  }

  async #apply(placement: NonNullable<Resolution["placement"]>): Promise<AppliedCredentials> {
    try {
      return await applyPlacement(placement, () => this.#ctx.clock.nowMs());
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      throw unusableError(this.#input.service, this.#call.operation.tool, error);
    }
  }

  /** A resolution with other credentials after a refusal; `null` when the answer stands. */
  async #renewed(
    approval: Approval | null,
    before: Resolution,
    response: ToolResponse,
  ): Promise<Resolution | null> {
    if (!response.authenticated) return null;
    const missing = response.status === 403 ? missingScopes(response) : null;
    if (response.status !== 401 && missing === null) return null;
    const kept = new Map(before.outcomes);
    let isRenewable = false;
    for (const { need, credential } of before.used) {
      const renews = missing === null
        ? await this.#store.reject(need, credential)
        : credential.kind === "token";
      if (!renews) continue;
      if (missing !== null) await this.#store.wantScopes(need, missing);
      isRenewable = true;
      kept.delete(need.id);
    }
    if (!isRenewable) return null;
    return await this.#resolve(approval, missing ?? [], kept);
  }

  #notRepeated(response: ToolResponse): AppError {
    return new AppError(
      "AUTH_NEEDED",
      `The credentials of "${this.#input.service}" were no longer good; they have been renewed, but ` +
        `"${response.method} ${response.requestedUrl}" was not sent a second time`,
      { hint: "Make the same call again" },
    );
  }
}

/**
 * A request is repeated when repeating it is harmless, or when the server said in so many words that it
 * refused the credential (RFC 6750 section 3.1), and so did nothing else.
 */
function mayRepeat(method: string, response: ToolResponse): boolean {
  return isIdempotentMethod(method) || bearerError(response) !== null;
}

function bearerError(response: ToolResponse): Readonly<Record<string, string>> | null {
  const header = headerValues(response.headers, "www-authenticate").join(", ");
  const challenge = parseChallenges(header).find(({ scheme, params }) =>
    (scheme === "bearer" || scheme === "dpop") && params.error !== undefined
  );
  return challenge?.params ?? null;
}

/** The scopes a 403 asks for; `null` when it is about something else. */
function missingScopes(response: ToolResponse): string[] | null {
  const params = bearerError(response);
  if (params?.error !== "insufficient_scope") return null;
  const scopes = params.scope?.split(/\s+/).filter((scope) => scope !== "") ?? [];
  return scopes.length === 0 ? null : scopes;
}
