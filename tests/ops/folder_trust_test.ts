/** A working folder as an attacker leaves it: what is read, run, fetched or sent before its user agrees. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Context } from "../../lib/base/context.ts";
import type { AppError } from "../../lib/base/error.ts";
import { readLayers, userConfigPath } from "../../lib/base/config_files.ts";
import { approveFolder } from "../../lib/ops/approve_folder.ts";
import { approveService } from "../../lib/ops/approve_service.ts";
import { callServiceTool } from "../../lib/ops/call_service.ts";
import { checkConfig } from "../../lib/ops/check_config.ts";
import { explainService } from "../../lib/ops/explain_service.ts";
import { listTools } from "../../lib/ops/list_tools.ts";
import { modelAccess } from "../../lib/ops/model_access.ts";
import { loginService } from "../../lib/ops/service_login.ts";
import { logoutService } from "../../lib/ops/service_logout.ts";
import { documentSource } from "../../lib/ops/service_document.ts";
import { serviceStatus } from "../../lib/ops/service_status.ts";
import { showConfig } from "../../lib/ops/show_config.ts";
import { showTool } from "../../lib/ops/show_tool.ts";
import { setConfig } from "../../lib/ops/set_config.ts";
import { Home } from "../../lib/store/home.ts";
import { fakeContext, type FakeContextOptions } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const SECRET = "the-users-own-secret";

interface SeenRequest {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

interface Trap {
  readonly root: string;
  /** The folder that the attacker wrote. */
  readonly work: string;
  /** Whom nothing may reach. */
  readonly origin: string;
  readonly seen: SeenRequest[];
  context(options?: FakeContextOptions): Context;
  /** `keysmith.json` of the folder. */
  lay(config: Record<string, unknown>, document?: Record<string, unknown>): Promise<void>;
  /** The user's own configuration. */
  own(config: Record<string, unknown>): Promise<void>;
}

async function withTrap(work: (trap: Trap) => Promise<void>): Promise<void> {
  await withTempFolder(async (root) => {
    const seen: SeenRequest[] = [];
    const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        const { pathname } = new URL(request.url);
        seen.push({ path: pathname, headers: request.headers, body: await request.text() });
        if (pathname.endsWith(".json")) return Response.json(documentOf(origin, {}));
        return Response.json({ access_token: "t", token_type: "bearer" });
      },
    );
    const origin = `http://127.0.0.1:${server.addr.port}`;
    await Deno.mkdir(`${root}/work`);
    await Deno.mkdir(`${root}/home/apps/shop`, { recursive: true });
    await Deno.writeTextFile(`${root}/home/apps/shop/kept.json`, SECRET);
    await Deno.writeTextFile(`${root}/id_ed25519`, SECRET);
    const env = { HOME: root, AWS_SECRET_ACCESS_KEY: SECRET } as Record<string, string>;
    const trap: Trap = {
      root,
      work: `${root}/work`,
      origin,
      seen,
      context: (options = {}) => ({
        ...fakeContext({ home: `${root}/home`, folder: `${root}/work`, ...options }),
        env: { get: (name) => env[name] },
      }),
      lay: async (config, document = {}) => {
        await Deno.writeTextFile(`${root}/work/keysmith.json`, JSON.stringify(config));
        const text = JSON.stringify(documentOf(origin, document));
        await Deno.writeTextFile(`${root}/work/api.json`, text);
      },
      own: async (config) => {
        const path = userConfigPath({ get: (name) => env[name] });
        await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
        await Deno.writeTextFile(path, JSON.stringify(config));
      },
    };
    try {
      await work(trap);
    } finally {
      await server.shutdown();
    }
  });
}

function documentOf(origin: string, members: Record<string, unknown>) {
  return {
    openapi: "3.1.0",
    servers: [{ url: origin }],
    security: [{ key: [] }],
    paths: { "/take": { get: { operationId: "take" } } },
    components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } },
    ...members,
  };
}

const CODE = (code: string) => (error: AppError) => {
  assert.equal(error.code, code, error.message);
  return true;
};

/** Everything that looks at a service without being told to approve it. */
const LOOKS: readonly [name: string, look: (ctx: Context) => Promise<unknown>][] = [
  ["call", (ctx) => callServiceTool(ctx, { service: "desk", tool: "take", args: {} })],
  ["explain", (ctx) => explainService(ctx, { service: "desk", tool: "take", args: {} })],
  ["tools of all", (ctx) => listTools(ctx, {})],
  ["tools", (ctx) => listTools(ctx, { owner: "desk" })],
  ["tool", (ctx) => showTool(ctx, { owner: "desk", tool: "take" })],
  ["status", (ctx) => serviceStatus(ctx, { service: "desk" })],
  ["login", (ctx) => loginService(ctx, { service: "desk" })],
  ["logout", (ctx) => logoutService(ctx, { service: "desk" })],
  ["config check", (ctx) => checkConfig(ctx)],
  ["config show", (ctx) => showConfig(ctx)],
  ["the model", (ctx) => modelAccess(ctx)],
];

/** One source of each type, as the value of the scheme `key`; `run` leaves a mark if it runs. */
function sourcesOf({ root, work }: Trap): Record<string, Record<string, unknown>> {
  const exec = { type: "exec", command: ["sh", "-c", `touch ${root}/ran; echo ${SECRET}`] };
  return {
    literal: { type: "literal", value: "x" },
    env: { type: "env", value: "AWS_SECRET_ACCESS_KEY" },
    file: { type: "file", value: `${root}/id_ed25519` },
    "file of the home": { type: "file", value: `${root}/home/apps/shop/kept.json` },
    exec,
    osKeychain: { type: "osKeychain", value: "github/ann" },
    app: { type: "app", value: "shop" },
    basic: { type: "basic", username: exec, password: { type: "env", value: "HOME" } },
    certificate: {
      type: "certificate",
      certificate: exec,
      key: { type: "file", value: `${work}/k` },
    },
    awsSigV4: {
      type: "awsSigV4",
      accessKeyId: exec,
      secretAccessKey: { type: "env", value: "AWS_SECRET_ACCESS_KEY" },
      region: "eu",
      service: "s3",
    },
    oauth2: { type: "oauth2", clientId: exec, clientSecret: exec, mode: "clientCredentials" },
  };
}

Deno.test("a folder's configuration does nothing before it was approved, whatever looks at it", async (t) => {
  await withTrap(async (trap) => {
    await trap.own({ policy: { allowExecSecrets: true } });
    for (const [type, source] of Object.entries(sourcesOf(trap))) {
      await t.step(type, async () => {
        const refs = [`${trap.origin}/more.json`];
        const attack = { openapi: `${trap.origin}/api.json`, refs, server: trap.origin };
        await trap.lay({ services: { desk: attack }, secrets: { "desk.key": source } });
        for (const [name, look] of LOOKS) {
          const outcome = await look(trap.context()).then(
            () => "answered",
            (error: AppError) => error.code,
          );
          const quiet = ["tools of all", "config check", "config show", "the model"];
          assert.equal(outcome, quiet.includes(name) ? "answered" : "CONSENT_NEEDED", name);
        }
        assert.deepEqual(trap.seen.map(({ path }) => path), []);
        assert.equal(await exists(`${trap.root}/ran`), false);
      });
    }
  });
});

Deno.test("explanations and lists run no program even of what is approved", async () => {
  await withTrap(async (trap) => {
    await trap.own({ policy: { allowExecSecrets: true } });
    for (const [type, source] of Object.entries(sourcesOf(trap))) {
      await trap.lay({
        services: { desk: { openapi: "api.json", server: trap.origin } },
        secrets: { key: source },
      }, type === "oauth2" ? { components: OAUTH_SCHEME(`${trap.origin}/token`) } : {});
      await approveFolder(trap.context(), { yes: true });
      const quiet = ["explain", "tools", "tool", "tools of all", "status", "config check"];
      for (const [name, look] of LOOKS) if (quiet.includes(name)) await look(trap.context());
      assert.equal(await exists(`${trap.root}/ran`), false, type);
      assert.deepEqual(trap.seen.map(({ path }) => path), [], type);
    }
  });
});

const OAUTH_SCHEME = (tokenUrl: string) => ({
  securitySchemes: {
    key: { type: "oauth2", flows: { clientCredentials: { tokenUrl, scopes: {} } } },
  },
});

Deno.test("a folder's file secret stays in the folder, through links too, and out of the home", async () => {
  await withTrap(async (trap) => {
    const { root, work } = trap;
    await Deno.mkdir(`${work}/sub`);
    await Deno.symlink(`${root}/id_ed25519`, `${work}/link`);
    await Deno.symlink("../../id_ed25519", `${work}/sub/relative`);
    await Deno.symlink(root, `${work}/up`);
    await Deno.symlink(`${work}/link`, `${work}/twice`);
    await Deno.symlink(`${work}/sub/own`, `${work}/inner`);
    await Deno.writeTextFile(`${work}/sub/own`, "folder-key");
    const outside = ["../id_ed25519", "link", "sub/relative", "up/id_ed25519", "twice"];
    const inHome = ["up/home/apps/shop/kept.json", `${root}/home/apps/shop/kept.json`];
    const other = ["/proc/self/environ", "up/../id_ed25519"];
    const call = async (value: string) => {
      await trap.lay({
        services: { desk: { openapi: "api.json", server: trap.origin } },
        secrets: { key: { type: "file", value } },
      });
      await approveFolder(trap.context(), { yes: true });
      return await callServiceTool(trap.context(), { service: "desk", tool: "take", args: {} });
    };
    for (const value of [...outside, ...inHome, ...other]) {
      await assert.rejects(call(value), CODE("AUTH_NEEDED"), value);
    }
    assert.deepEqual(trap.seen.map(({ path }) => path), []);
    for (const value of ["sub/own", "inner", "./sub/../sub/own"]) await call(value);
    assert.deepEqual(
      trap.seen.map(({ headers }) => headers.get("x-key")),
      Array(3).fill("folder-key"),
    );
    // A home within the folder is not part of it.
    const options = { home: `${work}/sub` };
    await approveFolder(trap.context(options), { yes: true });
    const again = callServiceTool(trap.context(options), {
      service: "desk",
      tool: "take",
      args: {},
    });
    await assert.rejects(again, CODE("AUTH_NEEDED"));
  });
});

Deno.test("a folder's document leads to no other files", async () => {
  await withTrap(async (trap) => {
    const { root, work } = trap;
    const leak = { $ref: "token.json" };
    await Deno.symlink(`${root}/home`, `${work}/home`);
    await Deno.symlink(`${root}/id_ed25519`, `${work}/token.json`);
    const cases = [["token.json"], ["home/apps/shop/kept.json"], ["../home/apps/shop/kept.json"]];
    for (const refs of cases) {
      const service = { openapi: "api.json", server: trap.origin, refs };
      await trap.lay({ services: { desk: service } }, { security: [], "x-leak": leak });
      await approveFolder(trap.context(), { yes: true });
      for (const [name, look] of LOOKS.slice(0, 2)) {
        await assert.rejects(look(trap.context()), CODE("BAD_CONFIG"), name);
      }
    }
    assert.deepEqual(trap.seen.map(({ path }) => path), []);
  });
});

Deno.test("the user's secrets go nowhere on a folder's word, this machine included", async () => {
  await withTrap(async (trap) => {
    const secrets = { key: { type: "env", value: "AWS_SECRET_ACCESS_KEY" } };
    await trap.own({ services: { desk: { openapi: "/mine.json" } }, secrets });
    const take = () => callServiceTool(trap.context(), { service: "desk", tool: "take", args: {} });
    const services: Record<string, unknown>[] = [
      { openapi: "api.json" },
      { openapi: "api.json", server: trap.origin },
      { openapi: "api.json", origins: [trap.origin] },
      { openapi: "api.json", server: trap.origin.replace("127.0.0.1", "localhost") },
    ];
    for (const service of services) {
      await trap.lay({ services: { desk: service } });
      await assert.rejects(take(), CODE("CONSENT_NEEDED"));
      await approveFolder(trap.context(), { yes: true });
      await assert.rejects(take(), CODE("AUTH_NEEDED"));
    }
    assert.deepEqual(trap.seen.map(({ path }) => path), []);
    await trap.lay({ services: { desk: services[0] } });
    await approveFolder(trap.context(), { yes: true });
    const { additions } = await approveService(trap.context(), { service: "desk" });
    assert.ok(additions.some((line) => line.startsWith("Secrets of your own")), additions.join());
    await take();
    assert.equal(trap.seen[0]?.headers.get("x-key"), SECRET);
  });
});

Deno.test("an approval names where secrets can go, not a server that the configuration replaces", async () => {
  await withTrap(async (trap) => {
    const elsewhere = trap.origin.replace("127.0.0.1", "localhost");
    for (const where of [{ server: elsewhere }, { origins: [elsewhere] }]) {
      await trap.lay({ services: { desk: { openapi: "api.json", ...where } } });
      await approveFolder(trap.context(), { yes: true });
      const { additions } = await approveService(trap.context(), {
        service: "desk",
        preview: true,
      });
      const destinations = additions.filter((line) => line.includes("may go to"));
      assert.deepEqual(destinations, [`Secrets of the service may go to ${elsewhere}`]);
    }
  });
});

Deno.test("a client secret goes to no token endpoint on a document's word", async () => {
  await withTrap(async (trap) => {
    const { origin } = trap;
    const elsewhere = origin.replace("127.0.0.1", "localhost");
    const source = {
      type: "oauth2",
      clientId: "robot",
      clientSecret: { type: "env", value: "AWS_SECRET_ACCESS_KEY" },
    };
    await trap.own({ secrets: { key: source } });
    const flow = { clientCredentials: { tokenUrl: `${elsewhere}/token`, scopes: {} } };
    const schemes: Record<string, unknown>[] = [
      { type: "oauth2", flows: flow },
      { type: "oauth2", flows: {}, oauth2MetadataUrl: `${elsewhere}/meta` },
      { type: "openIdConnect", openIdConnectUrl: `${elsewhere}/.well-known/openid-configuration` },
      {
        type: "oauth2",
        flows: {
          deviceAuthorization: {
            tokenUrl: `${origin}/token`,
            deviceAuthorizationUrl: `${elsewhere}/device`,
            scopes: {},
          },
        },
      },
    ];
    for (const key of schemes) {
      const document = { components: { securitySchemes: { key } } };
      await trap.lay({ services: { desk: { openapi: "api.json", server: origin } } }, document);
      await approveFolder(trap.context(), { yes: true });
      const ctx = trap.context({ interactive: true });
      await assert.rejects(
        callServiceTool(ctx, { service: "desk", tool: "take", args: {} }),
        CODE("AUTH_NEEDED"),
      );
      await assert.rejects(loginService(ctx, { service: "desk" }), CODE("AUTH_NEEDED"));
      assert.deepEqual(trap.seen.map(({ path }) => path), []);
    }
  });
});

Deno.test("what was approved for the user's service is not approved for a folder's of the same name", async () => {
  await withTrap(async (trap) => {
    const secrets = { key: { type: "env", value: "AWS_SECRET_ACCESS_KEY" } };
    await Deno.writeTextFile(
      `${trap.root}/mine.json`,
      JSON.stringify(documentOf(trap.origin, {})),
    );
    await trap.own({ services: { desk: { openapi: `${trap.root}/mine.json` } }, secrets });
    const take = () => callServiceTool(trap.context(), { service: "desk", tool: "take", args: {} });
    await approveService(trap.context(), { service: "desk" });
    await take();
    await trap.lay({ services: { desk: { openapi: "api.json" } } });
    await approveFolder(trap.context(), { yes: true });
    await assert.rejects(take(), CODE("AUTH_NEEDED"));
    assert.equal(trap.seen.length, 1);
  });
});

Deno.test("at a terminal the user is shown what a folder would do, and decides", async () => {
  await withTrap(async (trap) => {
    const source = { type: "env", value: "AWS_SECRET_ACCESS_KEY" };
    await trap.lay({
      services: { desk: { openapi: "api.json", server: trap.origin } },
      secrets: { key: source },
    });
    const take = (confirmations: boolean[]) => {
      const ctx = fakeContext({
        home: `${trap.root}/home`,
        folder: trap.work,
        interactive: true,
        confirmations,
      });
      const env = trap.context().env;
      const run = callServiceTool({ ...ctx, env }, { service: "desk", tool: "take", args: {} });
      return { lines: ctx.lines, run };
    };
    const no = take([false]);
    await assert.rejects(no.run, CODE("CONSENT_NEEDED"));
    assert.deepEqual(trap.seen.map(({ path }) => path), []);
    assert.match(no.lines.join("\n"), /environment variable "AWS_SECRET_ACCESS_KEY"/);
    assert.ok(no.lines.join("\n").includes(trap.origin));
    await take([true]).run;
    await take([]).run;
    assert.equal(trap.seen.length, 2);
  });
});

Deno.test("what the user sets in a folder's file is approved, unless the file was not", async () => {
  await withTrap(async (trap) => {
    const set = (ctx: Context) =>
      setConfig(ctx, { setting: "services.other", value: "o.json", layer: "project" });
    await set(trap.context());
    assert.equal((await showConfig(trap.context())).unapproved, null);
    await Deno.remove(`${trap.work}/keysmith.yaml`);
    await trap.lay({ secrets: { key: { type: "env", value: "AWS_SECRET_ACCESS_KEY" } } });
    await set(trap.context());
    assert.ok((await showConfig(trap.context())).unapproved !== null);
  });
});

Deno.test("a folder's program may not change after it was approved, however its command names it", async () => {
  const commands = [
    ["sh", "-c", "exec ./lib/run.sh --now"],
    ["python3", "--file=lib/run.sh"],
    ["node", "./lib"],
    ["env", "A=1", "sh", "-c", "cd lib && . 'run.sh'"],
    ["sh", "-c", "sh lib/ru?.sh"],
    ["sh", "-c", "sh l[i]b/run.sh"],
    ["sh", "-c", "sh $PWD/lib/run.sh"],
    ["sh", "-c", 'sh "${PWD}"/lib/run.sh'],
    ["sh", "-c", "sh li\\b/r\\un.sh"],
    ["deno", "run", "."],
  ];
  await withTrap(async (trap) => {
    await Deno.mkdir(`${trap.work}/lib`);
    for (const command of commands) {
      await Deno.writeTextFile(`${trap.work}/lib/run.sh`, "echo approved");
      await trap.lay({ secrets: { "desk.key": { type: "exec", command } } });
      await approveFolder(trap.context(), { yes: true });
      assert.equal((await showConfig(trap.context())).unapproved, null, command.join(" "));
      await Deno.writeTextFile(`${trap.work}/lib/run.sh`, "echo replaced");
      assert.ok((await showConfig(trap.context())).unapproved !== null, command.join(" "));
    }
  });
});

Deno.test("a folder's program may not be exchanged through a link, past a size or past a number", async () => {
  await withTrap(async (trap) => {
    const bin = `${trap.work}/bin`;
    const [one, other] = [`${trap.root}/one.sh`, `${trap.root}/other.sh`];
    for (const path of [one, other]) await Deno.writeTextFile(path, "echo approved");
    await Deno.mkdir(`${trap.work}/real`);
    await Deno.writeTextFile(`${trap.work}/real/run.sh`, "echo approved");
    await Deno.mkdir(bin);
    const relink = async (target: string, path: string) => {
      await Deno.remove(path).catch(() => {});
      await Deno.symlink(target, path);
    };
    const large = `${bin}/large.sh`;
    const rewrite = async (text: string) => {
      await Deno.writeTextFile(large, text);
      await Deno.truncate(large, 70_000_000);
      await Deno.utime(large, 1, 1);
    };
    const cases: readonly (readonly [
      command: string[],
      before: () => Promise<void>,
      after: () => Promise<void>,
    ])[] = [
      [
        ["sh", "./run.sh"],
        () => relink(one, `${trap.work}/run.sh`),
        () => relink(other, `${trap.work}/run.sh`),
      ],
      [
        ["sh", "./run.sh"],
        () => relink(one, `${trap.work}/run.sh`),
        () => Deno.writeTextFile(one, "echo replaced"),
      ],
      [["sh", "bin/x"], () => relink("../real", `${bin}/linked`), async () => {}],
      [
        ["sh", "-c", "cd bin; ./go"],
        () => relink("../real", `${bin}/linked`),
        () => Deno.writeTextFile(`${trap.work}/real/run.sh`, "echo replaced"),
      ],
      [["sh", large], () => rewrite("echo approved"), () => rewrite("echo replaced")],
      [["sh", "-c", "cd bin; ./go"], async () => {
        await Deno.remove(large);
        for (let at = 0; at < 2_100; at++) await Deno.writeTextFile(`${bin}/${at}`, "");
        await Deno.writeTextFile(`${bin}/z.sh`, "echo approved");
      }, () => Deno.writeTextFile(`${bin}/z.sh`, "echo replaced")],
    ];
    for (const [at, [command, before, after]] of cases.entries()) {
      await before();
      await trap.lay({ secrets: { "desk.key": { type: "exec", command } } });
      await approveFolder(trap.context(), { yes: true });
      assert.equal((await showConfig(trap.context())).unapproved, null, `${at}: ${command}`);
      await after();
      const isAsked = (await showConfig(trap.context())).unapproved !== null;
      assert.equal(isAsked, at !== 2, `${at}: ${command}`);
    }
  });
});

Deno.test("the user is shown where a folder leads, not how it is spelled", async () => {
  const cases: readonly (readonly [server: string, shown: string])[] = [
    ["https://\u0430pi.example.com", "https://xn--pi-6kc.example.com"],
    ["http://2852039166/v1", "http://169.254.169.254/v1"],
    ["http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]"],
    ["https://API.example.com:443", "https://api.example.com"],
    ["https://api.exam\tple.com", "https://api.example.com"],
  ];
  await withTrap(async (trap) => {
    for (const [server, shown] of cases) {
      await trap.lay({ services: { desk: { openapi: "api.json", server } } });
      const { says = [] } = (await showConfig(trap.context())).unapproved ?? {};
      assert.ok(says.some((line) => line.includes(`send requests to "${shown}"`)), says.join("\n"));
    }
    const placed: readonly (readonly [
      server: string,
      serverVariables: Record<string, string>,
      shown: string,
    ])[] = [
      [
        "https://{host}.example.com/v1",
        { host: "elsewhere.example/x?" },
        "https://elsewhere.example/x",
      ],
      [
        "https://api.example.com{suffix}",
        { suffix: ".elsewhere.example" },
        "https://api.example.com.elsewhere.example",
      ],
      ["http://{a}/", { a: "2852039166" }, "http://169.254.169.254/"],
    ];
    for (const [server, serverVariables, shown] of placed) {
      await trap.lay({ services: { desk: { openapi: "api.json", server, serverVariables } } });
      const { says = [] } = (await showConfig(trap.context())).unapproved ?? {};
      const line = says.find((one) => one.includes("send requests to")) ?? "";
      assert.ok(line.includes(`send requests to "${shown}`), line);
    }
    const user = "https://api.example.com@elsewhere.example/token";
    for (const field of ["tokenURL", "issuer", "authorizationURL", "deviceAuthorizationURL"]) {
      await trap.lay({ secrets: { "desk.o": { type: "oauth2", clientId: "c", [field]: user } } });
      await assert.rejects(showConfig(trap.context()), { code: "BAD_CONFIG" }, field);
    }
  });
});

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test({
  name: "a folder's pipes and devices in place of files are refused, not waited for",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withTempFolder(async (folder) => {
      const file = join(folder, "keysmith.yaml");
      const ctx = fakeContext({ home: join(folder, "home"), folder });
      const refused = { code: "BAD_CONFIG", message: /it is not a regular file/ };
      assert.ok((await new Deno.Command("mkfifo", { args: [file] }).output()).success);
      await assert.rejects(readLayers(ctx), refused);
      await Deno.remove(file);
      await Deno.symlink("/dev/zero", file);
      await assert.rejects(readLayers(ctx), refused);
      await Deno.remove(file);
      await Deno.writeTextFile(file, `# ${"x".repeat(5_000_000)}`);
      await assert.rejects(readLayers(ctx), { code: "BAD_CONFIG", message: /is larger than/ });
      const pipe = join(folder, "spec.yaml");
      assert.ok((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
      await assert.rejects(documentSource(ctx, new Home(join(folder, "home")), pipe), {
        code: "BAD_INPUT",
      });
    });
  },
});
