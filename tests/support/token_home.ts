/** A Keysmith home with one app that has a script, for tests of tokens. */
import { Home } from "../../lib/store/home.ts";
import { writeAppInfo } from "../../lib/store/app_file.ts";
import { type AuthRecord, writeAuthRecord } from "../../lib/token/auth_file.ts";
import { scriptSha256, writeAuthScript } from "../../lib/token/script_file.ts";
import type { TokenState } from "../../lib/token/token_state.ts";
import { withTempFolder } from "./temp_folder.ts";

export const APP = "shop";
export const ORIGIN = "https://api.example.com";

/** A script that does nothing; what it would do is told to `RefreshOptions.run`. */
export const IDLE_SCRIPT = "export async function acquire_token() { return { headers: {} }; }\n";

export function tokenState(parts: Partial<TokenState> = {}): TokenState {
  return {
    headers: { Authorization: "Bearer access-token-1" },
    body_params: {},
    query_params: {},
    computed: [],
    refresh_token: "refresh-token-1",
    expires_at: null,
    obtained_at: 1_700_000_000,
    origins: [ORIGIN],
    stale: false,
    ...parts,
  };
}

export function authRecord(source: string, parts: Partial<AuthRecord> = {}): AuthRecord {
  const hosts = parts.hosts ?? ["api.example.com:443"];
  const scriptHash = scriptSha256(source);
  return {
    hosts,
    apiOrigins: [ORIGIN],
    inputs: [],
    refresh: "inferred",
    proof: null,
    scriptSha256: scriptHash,
    source: "adopted",
    consent: { scriptSha256: scriptHash, hosts, givenAt: "2026-01-01T00:00:00.000Z" },
    probe: null,
    moreProbes: [],
    steps: [],
    values: [],
    watched: [],
    learnt: [],
    ...parts,
  };
}

/** `source: null`: an app without a script. */
export async function withApp(
  work: (home: Home) => Promise<void>,
  { source = IDLE_SCRIPT, record = {} }: {
    readonly source?: string | null;
    readonly record?: Partial<AuthRecord>;
  } = {},
): Promise<void> {
  await withTempFolder(async (folder) => {
    const home = new Home(folder);
    const created = "2026-01-01T00:00:00.000Z";
    await writeAppInfo(home, {
      name: APP,
      displayName: APP,
      baseUrls: [ORIGIN],
      created,
      updated: created,
    });
    if (source !== null) {
      await writeAuthScript(home, APP, source);
      await writeAuthRecord(home, APP, authRecord(source, record));
    }
    await work(home);
  });
}
