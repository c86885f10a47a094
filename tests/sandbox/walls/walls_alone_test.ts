import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { denoDir } from "../../../lib/sandbox/deno_dir.ts";
import type { RaisedWalls } from "../../../lib/sandbox/walls/close_process.ts";
import { NO_WALLS, type WallReport } from "../../../lib/sandbox/walls/wall_report.ts";
import { withTempFolder } from "../../support/temp_folder.ts";
import { kernelWalls } from "./kernel.ts";

const PROCESS = fileURLToPath(new URL("./closed_process.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const { landlock, seccomp } = kernelWalls();

interface Outcome {
  readonly report: WallReport;
  /** What was refused, sorted. */
  readonly refused: readonly string[];
}

const CHANGES = ["append", "link", "makeFolder", "remove", "rename", "symlink", "write"];
const READS = ["environment", "list", "readByModule", "readLater", "readNow", "readOnPool"];

const ODD_CONNECTIONS = ["fastOpen", "fastOpenMessage", "multipath"];

/** Runs the process with all of Deno's permissions, so that nothing but the raised walls holds. */
async function loose(raised: RaisedWalls, approvedName = "127.0.0.1"): Promise<Outcome> {
  return await withTempFolder(async (folder) => {
    const file = `${folder}/secret.json`;
    for (const name of ["secret.json", "renamed", "removed"]) {
      Deno.writeTextFileSync(`${folder}/${name}`, '{"token":"canary"}');
    }
    const canary = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const unix = Deno.listen({ transport: "unix", path: `${folder}/socket` });
    const onListen = () => {};
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen },
      () => new Response("ok"),
    );
    const approved = server.addr.port;
    const setup = {
      raised,
      readable: [ROOT, denoDir()],
      hosts: [`${approvedName}:${approved}`],
      ...{ file, folder, canary: canary.addr.port, approved, unixPath: `${folder}/socket` },
    };
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "-A", PROCESS, JSON.stringify(setup)],
      stderr: "inherit",
    }).output();
    for (const listener of [canary, unix]) listener.close();
    await server.shutdown();
    const { report, attempts } = JSON.parse(new TextDecoder().decode(stdout));
    assert.equal(attempts.approved, "did: ok", "the approved host is reached");
    const refused = Object.keys(attempts).filter((name) => attempts[name] === "refused").sort();
    return { report, refused };
  });
}

Deno.test("without a wall raised, every attempt succeeds and the report says so", async () => {
  const { report, refused } = await loose({ files: false, calls: false });
  assert.deepEqual(refused, []);
  const no_new_privileges = Deno.build.os === "linux";
  assert.deepEqual(report, { ...NO_WALLS, no_new_privileges });
});

Deno.test({
  name: "Landlock alone keeps files, programs and other ports from a Worker with every permission",
  ignore: landlock === 0,
  async fn() {
    const { report, refused } = await loose({ files: true, calls: false });
    const ports = landlock >= 4;
    // There are ways to connect that Landlock does not know: without the filter ports are not said to be closed.
    assert.deepEqual(report, { ...NO_WALLS, no_new_privileges: true, files: true });
    assert.deepEqual(
      refused,
      [
        ...[...CHANGES, ...READS, "run", "name"],
        ...ports ? ["connect", "listen"] : [],
        ...landlock >= 6 ? ["signal"] : [],
      ].sort(),
    );
  },
});

Deno.test({
  name:
    "seccomp alone keeps programs, changes and other sockets from a Worker with every permission",
  ignore: !seccomp,
  async fn() {
    const { report, refused } = await loose({ files: false, calls: true });
    assert.deepEqual(report, { ...NO_WALLS, no_new_privileges: true, system_calls: true });
    const others = ["mode", "run", "unix", "listen", "datagram", "signal", ...ODD_CONNECTIONS];
    assert.deepEqual(refused, [...CHANGES, ...others].sort());
  },
});

Deno.test({
  name: "both walls leave a Worker with every permission the approved host and nothing else",
  ignore: landlock < 4 || !seccomp,
  async fn() {
    const all = [
      ...[...CHANGES, ...READS],
      // A socket for datagrams may exist where names are looked up, but not be bound.
      ...["mode", "run", "unix", "listen", "signal", "connect", "datagram"],
      ...ODD_CONNECTIONS,
    ];
    const byAddress = await loose({ files: true, calls: true });
    assert.deepEqual(byAddress.refused, [...all, "name"].sort());
    const byName = await loose({ files: true, calls: true }, "localhost");
    assert.deepEqual(byName.refused, all.sort(), "names are looked up");
    assert.deepEqual(byName.report, {
      ...NO_WALLS,
      no_new_privileges: true,
      files: true,
      ports: true,
      system_calls: true,
    });
  },
});
