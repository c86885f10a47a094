/**
 * `deno task demo`: the whole job on a real recording, in under twenty seconds. Everything is done by the real
 * command line in child processes, in a temporary home that is gone afterwards.
 */
import type { Client } from "@modelcontextprotocol/client";
import { RECORDED, SECOND } from "../fixtures/apps/parts/accounts.ts";
import { type OpenFixture, openFixture } from "../fixtures/apps/recording.ts";
import { withMcpClient } from "./demo/mcp_client.ts";
import { type CommandLine, commandLine, Narrator } from "./demo/narrator.ts";

/** So short that the demo can wait for the end of a token. */
const TOKEN_LIFETIME_SEC = 3;

if (import.meta.main) {
  const startedMs = performance.now();
  const folder = await Deno.makeTempDir({ prefix: "keysmith-demo-" });
  const fixture = await openFixture("demo", { tokenLifetimeSec: TOKEN_LIFETIME_SEC });
  try {
    await demonstrate(folder, fixture);
  } finally {
    await fixture.running.stop();
    await Deno.remove(folder, { recursive: true });
  }
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  console.log(`\nDone in ${seconds} s. The application is stopped and the temporary home removed.`);
}

async function demonstrate(folder: string, fixture: OpenFixture): Promise<void> {
  const home = `${folder}/home`;
  const command = commandLine(folder, home);
  const narrator = new Narrator(command);
  await Deno.writeTextFile(`${folder}/notes.har`, fixture.har);

  introduce(narrator, fixture);
  await importRecording(narrator);
  await analyse(narrator, home);
  await logIn(narrator);
  await listTools(narrator);
  await callOverMcp(narrator, command, fixture);
}

function introduce(narrator: Narrator, { running }: OpenFixture): void {
  narrator.chapter("An application with a login");
  narrator.say(
    `A small notes application now runs at ${
      running.origins[0]
    }. Its login is a page with a form and a
    hidden CSRF token; behind it a session cookie; and a script in the page that trades the session for a
    bearer token, which is good for ${TOKEN_LIFETIME_SEC} seconds and renewed with a refresh token.`,
  );
}

async function importRecording(narrator: Narrator): Promise<void> {
  narrator.chapter("A recording of somebody using it");
  narrator.say(
    `A real Chromium recorded ${RECORDED.name} logging in and looking at her notes, as a HAR file. That
    is all Keysmith gets.`,
  );
  await narrator.run(["capture", "import", "notes", "notes.har"]);
}

async function analyse(narrator: Narrator, home: string): Promise<void> {
  narrator.chapter("Where does each value come from?");
  narrator.say(
    `Keysmith follows every value of the login back to its origin: typed, found in an earlier answer, or
    a constant. No language model takes part. It writes the login as a program and proves it: the program
    runs in a sandbox against a replay of the recording in which every cookie and token is a fresh one and
    the credentials are another user's. A program that had copied anything would fail.`,
  );
  await narrator.run(["auth", "analyze", "notes"]);
  narrator.say("The two functions of the program, as it was written:");
  narrator.show(exportedFunctions(await Deno.readTextFile(`${home}/apps/notes/auth_acquire.ts`)));
}

/** The script without its declarations before and its helpers after. */
function exportedFunctions(script: string): string {
  const rest = script.slice(script.indexOf("export async function acquire_token"));
  return rest.split(/\n(?:\/\*\*[^*]*\*\/\n)?function /)[0]!;
}

async function logIn(narrator: Narrator): Promise<void> {
  narrator.chapter("Log in as somebody else");
  narrator.say(
    `The recording is of ${RECORDED.name}; now ${SECOND.name} logs in, whom Keysmith has never seen. At a
    terminal it would ask; here the answers come from stdin. The program may reach the hosts shown and
    nothing else.`,
  );
  const answers = { Username: SECOND.username, Password: SECOND.password };
  const args = ["auth", "login", "notes", "--yes", "--answers", "-"];
  await narrator.run(args, { stdin: JSON.stringify(answers) });
}

async function listTools(narrator: Narrator): Promise<void> {
  narrator.chapter("What can be called");
  narrator.say("Every operation of the recorded API is a tool, for shell and agents alike.");
  narrator.showTable(await narrator.run(["tools", "notes"], { shown: false }));
}

async function callOverMcp(
  narrator: Narrator,
  command: CommandLine,
  { running }: OpenFixture,
): Promise<void> {
  narrator.chapter("An agent calls a tool, and the token ends");
  narrator.say(
    "An MCP client starts `keysmith mcp stdio` and calls the tool that tells who is logged in.",
  );
  await withMcpClient(command, async (client) => {
    const { tools } = await client.listTools();
    const profile = tools.find(({ name }) => name.endsWith("get_profile"))!.name;
    await callTool(narrator, client, profile);
    narrator.say(`Then it does nothing for ${TOKEN_LIFETIME_SEC + 1} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, (TOKEN_LIFETIME_SEC + 1) * 1_000));
    await narrator.run(["auth", "status", "notes"]);
    narrator.say("The token has expired. The client does not know, and calls again.");
    await callTool(narrator, client, profile);
  });
  const { logins, refreshes } = running.counters;
  narrator.say(
    `It worked because Keysmith renewed the token first. The application counted ${logins} login and
    ${refreshes} renewals: a token with less than 30 seconds left is renewed before it is used.`,
  );
}

async function callTool(narrator: Narrator, client: Client, name: string): Promise<void> {
  const { content, isError } = await client.callTool({ name, arguments: {} });
  const texts = content.map((block) => block.type === "text" ? block.text : `(${block.type})`);
  narrator.show([`tools/call ${name}`, ...texts].join("\n"));
  if (isError) throw new Error(`The tool "${name}" failed`);
}
