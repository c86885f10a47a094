/**
 * One server and many calls at the same moment that meet one lock: on an app's token that has expired, and
 * on the first use of a service, where approval and access token have to be had.
 *
 *     deno run -A scripts/storm_calls.ts [EXECUTABLE…]
 *
 * 1,000 calls, 256 of them in flight, under `deno run` and by each executable that is named.
 */
import { join } from "node:path";
import { openHome } from "../lib/store/home.ts";
import { writeTool } from "../lib/tools/tool_store.ts";
import { RawClient } from "../tests/mcp/mcp_home.ts";
import { startDesk } from "../tests/resolve/desk.ts";
import { fakeContext } from "../tests/support/fake_context.ts";
import { Provider } from "../tests/support/provider.ts";
import { withTempFolder } from "../tests/support/temp_folder.ts";
import { parametersOf, sampleTool } from "../tests/tools/sample_tool.ts";
import { prepareExpired, STORM_APP } from "./storm.ts";

export interface CallStorm {
  readonly calls: number;
  readonly inFlight: number;
  /** `null` for `deno run`; left out, what the tests test. */
  readonly executable?: string | null;
}

export interface CallReport {
  readonly answered: number;
  /** Tokens that were asked for: one is enough for everybody. */
  readonly tokenRequests: number;
  readonly problems: readonly string[];
  readonly ms: number;
}

/** Every call finds the same expired token, whose refresh token is good for one use. */
export async function stormOnExpiredToken(storm: CallStorm): Promise<CallReport> {
  return await withTempFolder(async (folder) => {
    await using provider = new Provider();
    await prepareExpired(folder, provider);
    const home = openHome(fakeContext({ home: folder }));
    const { origin } = provider;
    await writeTool(
      home,
      STORM_APP,
      sampleTool({ name: "get_me", origin, path: "/me", parameters: parametersOf({}) }),
    );
    await using client = new RawClient(home, [], {}, storm.executable);
    const report = await manyCalls(client, `${STORM_APP}_get_me`, storm);
    return { ...report, tokenRequests: provider.refreshes.length };
  });
}

/** Nothing of the service is known yet: neither what its document may do nor a token. */
export async function stormOnFirstUse(storm: CallStorm): Promise<CallReport> {
  let issued = 0;
  await using desk = await startDesk(({ path, headers }) => {
    if (path === "/token") return tokenAnswer(++issued);
    const isGood = headers.get("authorization") === `Bearer first-use-token-${issued}`;
    return Response.json({ ok: isGood }, { status: isGood ? 200 : 401 });
  });
  const flows = { clientCredentials: { tokenUrl: `${desk.origin}/token`, scopes: {} } };
  await desk.document({
    security: [{ machine: [] }],
    components: { securitySchemes: { machine: { type: "oauth2", flows } } },
  });
  const clientSecret = { type: "literal", value: "robot-secret-of-the-storm" };
  await desk.configure({
    secrets: { machine: { type: "oauth2", clientId: "robot", clientSecret } },
  });
  const home = openHome(fakeContext({ home: desk.home }));
  const config = join(desk.folder, "keysmith.json");
  await using client = new RawClient(home, ["--config", config], {}, storm.executable);
  const report = await manyCalls(client, "desk_listTickets", storm);
  return { ...report, tokenRequests: issued };
}

function tokenAnswer(number: number): Response {
  return Response.json({
    access_token: `first-use-token-${number}`,
    token_type: "Bearer",
    expires_in: 3600,
  });
}

async function manyCalls(
  client: RawClient,
  tool: string,
  { calls, inFlight }: CallStorm,
): Promise<Omit<CallReport, "tokenRequests">> {
  await client.initialize();
  const startMs = performance.now();
  let started = 0;
  let answered = 0;
  const problems = new Set<string>();
  const work = async () => {
    while (started < calls) {
      started++;
      const { isError, content } = await client.call(tool);
      if (isError === true) problems.add(JSON.stringify(content));
      else answered++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  return { answered, problems: [...problems], ms: Math.round(performance.now() - startMs) };
}

if (import.meta.main) {
  for (const executable of [null, ...Deno.args]) {
    for (const run of [stormOnExpiredToken, stormOnFirstUse]) {
      const report = await run({ calls: 1_000, inFlight: 256, executable });
      console.log(executable ?? "deno run", run.name, report);
      if (report.answered !== 1_000 || report.tokenRequests !== 1) Deno.exitCode = 1;
    }
  }
}
