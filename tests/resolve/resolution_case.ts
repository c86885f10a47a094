/** A case of `fixtures/resolution/*.yaml`, set up as the real thing: only the network is played. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { BrowserLogin, CallbackRequest } from "../../lib/base/browser_login.ts";
import type { Config, ConfigLayer } from "../../lib/base/config.ts";
import { readConfigText } from "../../lib/base/config_schema.ts";
import type { Context } from "../../lib/base/context.ts";
import { isRecord, type JsonValue } from "../../lib/base/json.ts";
import { readCatalog } from "../../lib/openapi/catalog.ts";
import { readDocument } from "../../lib/openapi/document.ts";
import { prepareCall, resolutionInput, type ServiceCall } from "../../lib/ops/service_call.ts";
import { type Approval } from "../../lib/resolve/approval.ts";
import { SecretStore } from "../../lib/resolve/credential_source.ts";
import { needsOf } from "../../lib/resolve/need.ts";
import { type Resolution, resolveAuth } from "../../lib/resolve/resolve_auth.ts";
import { Home } from "../../lib/store/home.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import { fakeContext } from "../support/fake_context.ts";

export type CaseParts = { readonly [part: string]: JsonValue | undefined };

export interface CaseRun {
  readonly resolution: Resolution;
  readonly tokenRequests: number;
  readonly browserLogins: number;
  readonly programRuns: number;
}

const NOW_SEC = 1_800_000_000;

/** Parts a case may have; any other is a mistake in the fixture. */
export const KNOWN_PARTS = [
  "case",
  "schemes",
  "asks for",
  "document asks for",
  "secrets",
  "attach",
  "environment",
  "files",
  "programs allowed",
  "apps",
  "logins",
  "provider",
  "user",
  "calls",
  "service",
  "service stands in",
  "secrets stand in",
  "approved",
  "sends",
  "refuses",
  "error",
  "alternatives",
  "token requests",
  "browser logins",
  "program runs",
];

/** Runs a case in a folder of its own. */
export async function runCase(parts: CaseParts, folder: string): Promise<CaseRun> {
  const world = new World(parts, folder);
  await world.prepare();
  return await world.run();
}

class World {
  readonly #parts: CaseParts;
  readonly #folder: string;
  readonly #home: Home;
  readonly #ctx: Context;
  readonly #browser: BrowserLogin;
  #tokenRequests = 0;
  #browserLogins = 0;

  constructor(parts: CaseParts, folder: string) {
    this.#parts = parts;
    this.#folder = folder;
    this.#home = new Home(join(folder, "home"));
    const environment = this.#record("environment");
    this.#ctx = {
      ...fakeContext({ interactive: parts.user === "present", nowMs: NOW_SEC * 1000 }),
      env: {
        get: (name) =>
          typeof environment[name] === "string" ? environment[name] as string : undefined,
      },
      fetch: (input, init) => this.#provider(input, init),
    };
    this.#browser = { listen: () => this.#listener(), open: (url) => this.#opened(url) };
  }

  async prepare(): Promise<void> {
    for (const [name, text] of Object.entries(this.#record("files"))) {
      await Deno.writeTextFile(join(this.#folder, name), String(text));
    }
    for (const [app, token] of Object.entries(this.#record("apps"))) await this.#addApp(app, token);
    const program = `printf x >> "${this.#folder}/runs"; printf %b "$1"`;
    await Deno.writeTextFile(join(this.#folder, "program"), `#!/bin/sh\n${program}\n`, {
      mode: 0o700,
    });
  }

  async run(): Promise<CaseRun> {
    const call = this.#call();
    const store = new SecretStore(this.#ctx, this.#home, {
      config: call.loaded.config,
      service: "desk",
      baseUrl: call.baseUrl,
      browser: this.#browser,
      memory: new Map(),
    });
    await this.#addLogins(call, store);
    const input = resolutionInput(call, {
      approval: this.#approval(),
      mayInteract: this.#parts.user === "present",
    });
    const resolution = await resolveAuth(input, store);
    return {
      resolution,
      tokenRequests: this.#tokenRequests,
      browserLogins: this.#browserLogins,
      programRuns: (await Deno.readTextFile(join(this.#folder, "runs")).catch(() => "")).length,
    };
  }

  #record(part: string): Readonly<Record<string, JsonValue>> {
    const value = this.#parts[part];
    return isRecord(value) ? value as Record<string, JsonValue> : {};
  }

  #call(): ServiceCall {
    const catalog = readCatalog(readDocument(this.#documentText(), "/desk/api.json"));
    const config = this.#config();
    const service = config.services.get("desk")!;
    return prepareCall({ config, service, catalog }, catalog.operations[0]!);
  }

  #documentText(): string {
    const parts = this.#parts;
    const own = parts["asks for"];
    const documents = parts["document asks for"];
    return JSON.stringify({
      openapi: "3.1.0",
      servers: [{ url: parts.calls ?? "https://api.example.com" }],
      ...(documents === undefined ? {} : { security: documents }),
      paths: {
        "/tickets": { get: own === undefined || own === null ? {} : { security: own } },
      },
      components: { securitySchemes: parts.schemes ?? {} },
    });
  }

  /** The two halves of the configuration may stand in different files. */
  #config(): Config {
    const services = {
      desk: {
        openapi: "api.json",
        ...(this.#parts.attach === undefined ? {} : { attach: this.#parts.attach }),
        ...this.#record("service"),
      },
    };
    const secrets = JSON.parse(
      JSON.stringify(this.#record("secrets")).replaceAll(
        '"PROGRAM"',
        JSON.stringify(join(this.#folder, "program")),
      ),
    );
    const read = (text: object, layer: JsonValue | undefined) =>
      readConfigText(JSON.stringify(text), {
        layer: (layer ?? "user") as ConfigLayer,
        file: join(this.#folder, "keysmith.yaml"),
      });
    return {
      services: read({ services }, this.#parts["service stands in"]).services,
      secrets: read({ secrets }, this.#parts["secrets stand in"]).secrets,
      apps: new Map(),
      policy: { allowExecSecrets: this.#parts["programs allowed"] === true },
      store: null,
      model: null,
      prices: new Map(),
      files: [],
      warnings: [],
      unapproved: null,
    };
  }

  #approval(): Approval | null {
    if (this.#parts.approved === undefined) return null;
    const approved = this.#record("approved");
    return {
      origins: approved.origins as string[],
      userOrigins: (approved["user origins"] ?? []) as string[],
      schemes: approved.schemes as Record<string, string[]>,
    };
  }

  async #addApp(app: string, token: JsonValue): Promise<void> {
    await Deno.mkdir(this.#home.appDir(app), { recursive: true });
    if (!isRecord(token)) return;
    await writeToken(this.#home, app, {
      headers: (token.headers ?? {}) as Record<string, string>,
      query_params: (token.query ?? {}) as Record<string, string>,
      body_params: {},
      computed: [],
      refresh_token: null,
      expires_at: NOW_SEC + 3600,
      obtained_at: NOW_SEC,
      origins: token.origins as string[],
      stale: false,
    });
  }

  async #addLogins(call: ServiceCall, store: SecretStore): Promise<void> {
    for (const [key, login] of Object.entries(this.#record("logins"))) {
      const secret = call.loaded.config.secrets.get(key)!;
      const requirement = call.operation.security.alternatives.flat()
        .find(({ name }) => name === key)!;
      const [need] = needsOf([{ requirement, secret }], []);
      const account = (await store.account(need!))!;
      const token = login as Record<string, JsonValue>;
      await account.cache.write([{
        access_token: token.token as string,
        refresh_token: (token["refresh token"] ?? null) as string | null,
        scopes: token.scopes as string[],
        expires_at: token.expired === true ? NOW_SEC - 10 : NOW_SEC + 3600,
        obtained_at: NOW_SEC - 60,
      }]);
    }
  }

  /** The token endpoint. */
  #provider(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    assert.equal(new URL(String(input)).pathname, "/token");
    this.#tokenRequests++;
    const grant = new URLSearchParams(init?.body as URLSearchParams).get("grant_type");
    const part = grant === "client_credentials"
      ? "client credentials"
      : grant === "refresh_token"
      ? "refresh"
      : "browser login";
    const answer = this.#record("provider")[part];
    if (answer === "no answer") return Promise.reject(new TypeError("connection refused"));
    const refusal = part === "client credentials" ? "invalid_client" : "invalid_grant";
    return Promise.resolve(
      answer === "refused" || typeof answer !== "string"
        ? Response.json({ error: refusal }, { status: 400 })
        : Response.json({ access_token: answer, token_type: "Bearer", expires_in: 300 }),
    );
  }

  #answers: CallbackRequest[] = [];

  #listener() {
    return Promise.resolve({
      port: 1,
      next: () => Promise.resolve(this.#answers.shift()!),
      close: () => Promise.resolve(),
    });
  }

  /** The user logs in, or declines, as soon as the browser opens. */
  #opened(address: string): Promise<boolean> {
    this.#browserLogins++;
    const asked = new URL(address).searchParams;
    const url = new URL(asked.get("redirect_uri")!);
    url.searchParams.set("state", asked.get("state")!);
    if (this.#record("provider")["browser login"] === "declined") {
      url.searchParams.set("error", "access_denied");
    } else url.searchParams.set("code", "code-1");
    this.#answers.push({ url, respond: () => {} });
    return Promise.resolve(true);
  }
}
