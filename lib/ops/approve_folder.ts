/** Approves what the working folder's configuration file says now. */
import type { Context } from "../base/context.ts";
import { loadConfig } from "../store/load_config.ts";
import { askFolderConsent } from "./folder_consent.ts";

export interface ApprovedFolder {
  /** `null` where the folder has no file. */
  readonly file: string | null;
  /** The services it defines. */
  readonly services: readonly string[];
  /** True when there was nothing to approve. */
  readonly isKnown: boolean;
}

/**
 * Shows what the file would do and asks, unless `yes` says so beforehand.
 *
 * @throws {AppError} `CONSENT_NEEDED` without a yes.
 */
export async function approveFolder(
  ctx: Context,
  { yes }: { readonly yes: boolean },
): Promise<ApprovedFolder> {
  const { unapproved } = await loadConfig(ctx);
  if (unapproved !== null) await askFolderConsent(ctx, unapproved, { yes });
  const { services } = await loadConfig(ctx);
  const own = [...services.values()].filter(({ origin }) => origin.layer === "project");
  return {
    file: unapproved?.file ?? own[0]?.origin.file ?? null,
    services: own.map(({ name }) => name),
    isKnown: unapproved === null,
  };
}
