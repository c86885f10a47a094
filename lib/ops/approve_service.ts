/** Approves what a service's document says now: where its secrets may go and what its schemes are. */
import type { Context } from "../base/context.ts";
import { additions, observe, widen } from "../resolve/approval.ts";
import { readApproval, updateApproval } from "../resolve/approval_file.ts";
import { openHome } from "../store/home.ts";
import { baseUrlOf, configuredOrigins, documentOrigins, loadService } from "./service_catalog.ts";

export interface ApproveServiceInput {
  readonly service: string;
  /** Only say what would be approved. */
  readonly preview?: boolean;
}

export interface ApproveServiceOutput {
  readonly service: string;
  /** What is new, as sentences; empty when everything was approved before. */
  readonly additions: readonly string[];
  readonly approved: boolean;
}

/**
 * Show the additions of a preview to the user before approving them.
 *
 * @throws {AppError} `NOT_FOUND` for an unknown service.
 */
export async function approveService(
  ctx: Context,
  { service: name, preview = false }: ApproveServiceInput,
): Promise<ApproveServiceOutput> {
  const home = openHome(ctx);
  const { service, catalog } = await loadService(ctx, home, name);
  const observed = observe(documentOrigins(catalog, service), catalog.schemes.values());
  const first = catalog.operations[0];
  const configured = first === undefined
    ? null
    : configuredOrigins(service, baseUrlOf(catalog, service, first));
  const userOrigins = configured ?? observed.origins;
  const added = additions(await readApproval(home, name), observed, userOrigins);
  if (!preview) await updateApproval(home, name, (before) => widen(before, observed, userOrigins));
  return { service: name, additions: added, approved: !preview };
}
