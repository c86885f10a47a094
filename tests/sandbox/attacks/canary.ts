/** What no attack may touch: a server, a datagram socket, files, an environment variable. */

export interface Canary {
  readonly port: number;
  readonly filePath: string;
  readonly modulePath: string;
  /** Does not exist, and must not come to. */
  readonly writePath: string;
  /** In the files above, and in the environment of the command as `KEYSMITH_CANARY`. */
  readonly secret: string;
  /** What was touched, in words; empty is good. */
  touched(): Promise<string[]>;
  close(): Promise<void>;
}

/** In the environment of this process as well, from which a command may start the sandbox. */
const SECRET = `canary-${crypto.randomUUID()}`;
Deno.env.set("KEYSMITH_CANARY", SECRET);

/** `folder` is a Keysmith home; the file is the token of another app in it. */
export async function openCanary(folder: string): Promise<Canary> {
  const neighbour = `${folder}/apps/neighbour`;
  await Deno.mkdir(neighbour, { recursive: true, mode: 0o700 });
  const filePath = `${neighbour}/token.json`;
  const fileText = JSON.stringify({ headers: { Authorization: SECRET } });
  const modulePath = `${folder}/module.mjs`;
  const writePath = `${folder}/written`;
  await Deno.writeTextFile(filePath, fileText, { mode: 0o600 });
  await Deno.writeTextFile(modulePath, `export default ${JSON.stringify(SECRET)};\n`);

  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = (listener.addr as Deno.NetAddr).port;
  let connections = 0;
  const accepting = (async () => {
    for await (const connection of listener) {
      connections++;
      connection.close();
    }
  })().catch(() => {});

  return {
    port,
    filePath,
    modulePath,
    writePath,
    secret: SECRET,
    async touched() {
      const written = await Deno.stat(writePath).then(() => true, () => false);
      const text = await Deno.readTextFile(filePath).catch(() => null);
      return [
        ...(connections > 0 ? [`the canary server saw ${connections} connections`] : []),
        ...(written ? ["a file was written"] : []),
        ...(text === fileText ? [] : ["the canary file was changed"]),
      ];
    },
    async close() {
      listener.close();
      await accepting;
    },
  };
}
