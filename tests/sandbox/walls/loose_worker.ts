/** Everything that code could try which no wall of the runtime holds. Answers with what each attempt came to. */
import { createSocket } from "node:dgram";

interface Targets {
  readonly file: string;
  readonly folder: string;
  readonly canary: number;
  readonly approved: number;
  readonly unixPath: string;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Targets>) => void;
  postMessage: (message: unknown) => void;
};

scope.onmessage = async ({ data: { file, folder, canary, approved, unixPath } }) => {
  const attempts: Record<string, () => unknown> = {
    approved: async () => await (await fetch(`http://127.0.0.1:${approved}/`)).text(),
    name: async () => await (await fetch(`http://localhost:${approved}/`)).text(),
    readNow: () => Deno.readTextFileSync(file),
    readLater: () => Deno.readTextFile(file),
    readByModule: async () =>
      (await import(`file://${file}`, { with: { type: "json" } })).default.token,
    list: () => [...Deno.readDirSync(folder)].length,
    environment: () => Deno.readTextFileSync("/proc/self/environ"),
    write: () => Deno.writeTextFileSync(`${folder}/written`, "x"),
    append: () => Deno.writeTextFile(file, "x", { append: true }),
    makeFolder: () => Deno.mkdirSync(`${folder}/made`),
    remove: () => Deno.removeSync(`${folder}/removed`),
    rename: () => Deno.renameSync(`${folder}/renamed`, `${folder}/moved`),
    link: () => Deno.linkSync(file, `${folder}/linked`),
    symlink: () => Deno.symlinkSync(file, `${folder}/symlinked`),
    mode: () => Deno.chmodSync(file, 0o777),
    run: () => new Deno.Command("/bin/true").outputSync().code,
    connect: () => Deno.connect({ port: canary, hostname: "127.0.0.1" }).then((c) => c.close()),
    unix: () => Deno.connect({ transport: "unix", path: unixPath }).then((c) => c.close()),
    listen: () => Deno.listen({ port: 0, hostname: "127.0.0.1" }).close(),
    datagram: () => sendDatagram(canary),
    signal: () => Deno.kill(1, "SIGCONT"),
  };
  const results: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      results[name] = `did: ${String(await attempt())}`;
    } catch {
      results[name] = "refused";
    }
  }
  scope.postMessage(results);
};
scope.postMessage("ready");

async function sendDatagram(port: number): Promise<void> {
  const socket = createSocket("udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.send("x", port, "127.0.0.1", (error) => error ? reject(error) : resolve());
    });
  } finally {
    socket.close();
  }
}
