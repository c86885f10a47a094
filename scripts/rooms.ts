/** The house rules as data: which room may import which, and which npm package belongs to which room. */

/** What a room may import besides itself. `types`: only with `import type`. */
export interface RoomImports {
  readonly rooms: readonly string[];
  readonly types?: readonly string[];
}

export const ROOMS: Readonly<Record<string, RoomImports>> = {
  base: { rooms: [] },
  http: { rooms: ["base"] },
  store: { rooms: ["http", "base"] },
  capture: { rooms: ["store", "http", "base"] },
  browser: { rooms: ["capture", "store", "http", "base"] },
  codec: { rooms: ["http", "base"] },
  correlate: { rooms: ["codec", "http", "base"] },
  script: { rooms: ["correlate", "codec", "http", "base"] },
  judge: { rooms: ["codec", "http", "base"] },
  sandbox: { rooms: ["script", "http", "base"] },
  replay: { rooms: ["sandbox", "judge", "script", "correlate", "codec", "http", "base"] },
  token: { rooms: ["store", "sandbox", "codec", "http", "base"], types: ["correlate", "script"] },
  openapi: { rooms: ["http", "base"] },
  resolve: { rooms: ["token", "store", "http", "base"], types: ["openapi"] },
  tools: { rooms: ["resolve", "openapi", "token", "correlate", "store", "http", "base"] },
  llm: { rooms: ["correlate", "script", "judge", "replay", "codec", "http", "base"] },
  ops: {
    rooms: [
      "llm",
      "tools",
      "resolve",
      "openapi",
      "token",
      "judge",
      "replay",
      "sandbox",
      "script",
      "correlate",
      "codec",
      "browser",
      "capture",
      "store",
      "http",
      "base",
    ],
  },
  term: { rooms: ["base"] },
  web: { rooms: ["ops", "base"] },
  mcp: { rooms: ["ops", "web", "base"] },
  cli: { rooms: ["ops", "term", "web", "mcp", "base"] },
};

/** Rooms whose code takes data and gives data: no clock, random, disk, network, environment or console. */
export const PURE_ROOMS: readonly string[] = [
  "http",
  "codec",
  "correlate",
  "judge",
  "script",
  "openapi",
];

/** The one room that imports an npm package. Tests, fixtures and scripts import what they need. */
export const PACKAGE_ROOMS: Readonly<Record<string, string>> = {
  "@cfworker/json-schema": "base",
  "js-yaml": "base",
  "htmlparser2": "http",
  "acorn": "script",
  "astring": "script",
  "amaro": "script",
  "ses": "sandbox",
  "aws4fetch": "resolve",
  "oauth4webapi": "resolve",
  "graphql": "tools",
  "jsonc-parser": "ops",
  "smol-toml": "ops",
  "openai": "llm",
  "@clack/prompts": "term",
  "picocolors": "term",
  "hono": "web",
  "minisearch": "mcp",
  "stemmer": "mcp",
  "@modelcontextprotocol/server": "mcp",
  "commander": "cli",
};
