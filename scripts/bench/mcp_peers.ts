/** The MCP servers that are measured: this one and three from npm, which are installed into a temporary folder. */
import type { ServerCommand } from "./line_client.ts";

export interface Peer {
  readonly name: string;
  /** How it serves a document, with the API at `origin`. */
  serve(document: string, origin: string): Promise<ServerCommand>;
}

const PACKAGES = [
  "@ivotoby/openapi-mcp-server@1.16.1",
  "openapi-mcp-generator@4.0.1",
  "mcp-openapi@0.3.0",
  "@octokit/openapi@23.0.2",
];

/** GitHub's document: 1,223 operations, 13 MB. */
export function githubDocument(folder: string): string {
  return `${folder}/node_modules/@octokit/openapi/generated/api.github.com.json`;
}

/** False, with why on stderr, where npm cannot be reached. */
export async function installPeers(folder: string): Promise<boolean> {
  await Deno.writeTextFile(`${folder}/package.json`, '{ "private": true }');
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...PACKAGES];
  const isInstalled = await ran("npm", args, folder);
  if (!isInstalled) console.error("The npm registry cannot be reached: only keysmith is measured");
  return isInstalled;
}

export function keysmithPeer(executable: string, home: string): Peer {
  return {
    name: "keysmith",
    async serve(document, origin) {
      const config = `${home}/keysmith.json`;
      const services = { api: { openapi: document, server: origin } };
      await Deno.mkdir(home, { recursive: true });
      await Deno.writeTextFile(config, JSON.stringify({ services }));
      return {
        command: executable,
        args: ["mcp", "stdio", "--config", config, "--tools", "all"],
        env: { KEYSMITH_HOME: `${home}/home` },
        cwd: home,
      };
    },
  };
}

export function npmPeers(folder: string): Peer[] {
  const bin = (name: string) => `${folder}/node_modules/.bin/${name}`;
  return [
    {
      name: "openapi-mcp-server",
      serve: (document, origin) =>
        Promise.resolve({
          command: bin("openapi-mcp-server"),
          args: ["--api-base-url", origin, "--openapi-spec", document, "--transport", "stdio"],
        }),
    },
    {
      name: "mcp-openapi",
      serve: (document, origin) =>
        Promise.resolve({
          command: bin("mcp-openapi"),
          args: ["--spec", document, "--base-url", origin, "--no-doc-warnings"],
        }),
    },
    {
      name: "openapi-mcp-generator",
      serve: (document, origin) => generated(folder, document, origin),
    },
  ];
}

/**
 * It writes a program for each document, which is installed and compiled before it is measured. Of 1,223 tools in one
 * literal the compiler says that their type is too complex (TS2590), and writes the program all the same.
 */
async function generated(folder: string, document: string, origin: string): Promise<ServerCommand> {
  const output = `${folder}/generated-${document.replace(/\W+/g, "-")}`;
  const args = ["--input", document, "--output", output, "--base-url", origin, "--force"];
  const program = `${output}/build/index.js`;
  const isInstalled =
    await ran(`${folder}/node_modules/.bin/openapi-mcp-generator`, args, folder) &&
    await ran("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], output);
  if (!isInstalled) throw new Error("openapi-mcp-generator made no program that can be installed");
  await ran("npm", ["run", "build"], output);
  if (!await isFile(program)) throw new Error("its compiler wrote no program");
  return {
    command: "node",
    args: [program],
    env: { API_BASE_URL: origin },
    cwd: output,
  };
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

async function ran(command: string, args: readonly string[], cwd: string): Promise<boolean> {
  const { success } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output().catch(() => ({ success: false }));
  return success;
}
