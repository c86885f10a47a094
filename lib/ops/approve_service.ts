/** Approves what a service's document says now: where its secrets may go and what its schemes are. */
import type { Context } from "../base/context.ts";
import { additions, type Approval, observe, widen } from "../resolve/approval.ts";
import { readApproval, updateApproval } from "../resolve/approval_file.ts";
import { type Home, openHome } from "../store/home.ts";
import { type LoadedService, loadService } from "./service_catalog.ts";
import { baseUrlOf, configuredOrigins, destinations, endpointOrigins } from "./service_urls.ts";
import { wantedSecrets } from "./service_secrets.ts";

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
 * @throws {AppError} `NOT_FOUND` for an unknown service, `CONSENT_NEEDED` for one of a folder whose
 * configuration is not approved.
 */
export async function approveService(
  ctx: Context,
  { service: name, preview = false }: ApproveServiceInput,
): Promise<ApproveServiceOutput> {
  const home = openHome(ctx);
  const loaded = await loadService(ctx, home, name);
  const { service } = loaded;
  const observed = observedNow(loaded);
  const userOrigins = originsForUser(loaded, observed);
  const added = additions(await readApproval(home, service), observed, userOrigins);
  if (!preview) {
    await updateApproval(home, service, (before) => widen(before, observed, userOrigins));
  }
  return { service: name, additions: added, approved: !preview };
}

/**
 * What is approved; on the first use of a service of the user's, what its document says now. For one
 * that a working folder defined that is the user's to say.
 */
export async function firstApproval(home: Home, loaded: LoadedService): Promise<Approval | null> {
  const { service } = loaded;
  if (service.origin.layer === "project") return await readApproval(home, service);
  const now = observedNow(loaded);
  return await updateApproval(home, service, (before) => before ?? widen(null, now, []));
}

function observedNow(loaded: LoadedService): Approval {
  return observe(reachableOrigins(loaded), loaded.catalog.schemes.values());
}

/** Where secrets of the service can go: what the configuration names stands in for the document's servers. */
function reachableOrigins({ catalog, service }: LoadedService): readonly string[] {
  const { first } = catalog;
  if (service.server === null || first === undefined) {
    return service.origins ?? destinations(catalog, service);
  }
  const { origin } = new URL(baseUrlOf(catalog, service, first));
  const configured = configuredOrigins(service, origin) ?? [];
  return service.origins === null
    ? [...new Set([...configured, ...endpointOrigins(catalog)])]
    : configured;
}

/** Origins for secrets of the user's own file; none where a folder's service looks for none of those. */
function originsForUser(loaded: LoadedService, observed: Approval): readonly string[] {
  const isWanted = loaded.service.origin.layer !== "project" ||
    wantedSecrets(loaded).some(({ secret }) =>
      secret !== null && secret.origin.layer !== "project"
    );
  return isWanted ? observed.origins : [];
}
