/**
 * The user's word that the configuration of a working folder may be followed: asked for when a service
 * of it is first wanted, shown what it would do. Without a terminal it is an error.
 */
import type { Config, UnapprovedFile } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { approveFolderFile } from "../store/folder_approval.ts";
import { openHome } from "../store/home.ts";
import { loadConfig } from "../store/load_config.ts";

/**
 * The configuration, in which what the folder says of the service or the app counts.
 *
 * @throws {AppError} `CONSENT_NEEDED` when it says something and the user does not agree to it.
 */
export async function configWith(ctx: Context, name: string): Promise<Config> {
  const config = await loadConfig(ctx);
  if (config.unapproved === null) return config;
  const { services, apps } = config.unapproved;
  if (!services.includes(name) && !apps.includes(name)) {
    noteOnce(ctx, config.unapproved);
    return config;
  }
  await askFolderConsent(ctx, config.unapproved, { yes: false });
  return await loadConfig(ctx);
}

/** By the redactor, which lives as long as the process. */
const noted = new WeakSet<object>();

function noteOnce(ctx: Context, { file }: UnapprovedFile): void {
  if (noted.has(ctx.redactor)) return;
  noted.add(ctx.redactor);
  ctx.term.err(`"${file}" is not approved and has no effect: keysmith config approve`);
}

/** Shows what the file would do, asks, and remembers the yes. @throws {AppError} `CONSENT_NEEDED`. */
export async function askFolderConsent(
  ctx: Context,
  unapproved: UnapprovedFile,
  { yes }: { readonly yes: boolean },
): Promise<void> {
  if (!yes && !ctx.term.interactive) throw folderConsentNeeded(unapproved);
  const { file, fingerprint, says } = unapproved;
  ctx.term.err(`"${file}" has not been approved as it is now; it would`);
  for (const line of says) ctx.term.err(`  ${line}`);
  if (yes) ctx.term.err("--yes agrees to this");
  else if (!await ctx.term.confirm("Did you write this, or read it, and may it?")) {
    throw folderConsentNeeded(unapproved);
  }
  await approveFolderFile(openHome(ctx), { file, fingerprint });
}

/** What stands in the way of using a service of the folder. `details`: `{ file, says }`. */
export function folderConsentNeeded({ file, says }: UnapprovedFile): AppError {
  return new AppError(
    "CONSENT_NEEDED",
    `"${file}" has no effect before you approve what it would do: ${says.join("; ")}`,
    { hint: "Read it, then: keysmith config approve", details: { file, says } },
  );
}
