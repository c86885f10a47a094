/** What a call of a service's tool would be authenticated with, without calling anything. */
import { operationUrl } from "../openapi/server.ts";
import type { Context } from "../base/context.ts";
import type { HttpRequest } from "../http/exchange.ts";
import type { OperationSecurity } from "../openapi/security.ts";
import { readApproval } from "../resolve/approval_file.ts";
import { PeekSource } from "../resolve/peek_source.ts";
import { resolveAuth } from "../resolve/resolve_auth.ts";
import { type Verdict, verdictLines } from "../resolve/verdict.ts";
import { openHome } from "../store/home.ts";
import { prepareCall, requestOf, resolutionInput, secretStoreFor } from "./service_call.ts";
import { loadService, requireOperation } from "./service_catalog.ts";

export interface ExplainServiceInput {
  readonly service: string;
  readonly tool: string;
  /** With arguments, the request is built too: a dry run. */
  readonly args?: Readonly<Record<string, unknown>>;
  readonly contentType?: string;
}

export interface ExplainServiceOutput {
  readonly service: string;
  readonly tool: string;
  readonly method: string;
  /** With `{name}` where arguments go. */
  readonly url: string;
  /** As the document states it. */
  readonly security: OperationSecurity;
  readonly verdict: Verdict;
  /** The verdict for people. */
  readonly lines: readonly string[];
  /** What would be sent, credentials left out; `null` without arguments. */
  readonly request: HttpRequest | null;
  /** Where the credentials of the chosen alternative go: `header Authorization`. */
  readonly places: readonly string[];
}

/** @throws {AppError} `NOT_FOUND`, `USAGE` naming the argument, `BAD_CONFIG`. */
export async function explainService(
  ctx: Context,
  input: ExplainServiceInput,
): Promise<ExplainServiceOutput> {
  const home = openHome(ctx);
  const loaded = await loadService(ctx, home, input.service);
  const operation = requireOperation(loaded.catalog, input.service, input.tool);
  const call = prepareCall(loaded, operation);
  const approval = await readApproval(home, loaded.service);
  const source = new PeekSource(
    ctx,
    home,
    secretStoreFor(ctx, home, call, null),
    input.service,
  );
  const { verdict } = await resolveAuth(
    resolutionInput(call, { approval, mayInteract: false }),
    source,
  );
  const winner = verdict.alternatives.find(({ status }) => status === "chosen");
  return {
    service: input.service,
    tool: operation.tool,
    method: operation.method,
    url: operationUrl(call.baseUrl, operation.path),
    security: operation.security,
    verdict,
    lines: verdictLines(verdict),
    request: input.args === undefined ? null : requestOf(call, input.args, input.contentType),
    places: winner?.requirements.flatMap(({ places }) => places) ?? [],
  };
}
