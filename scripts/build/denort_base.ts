/**
 * A runtime base for `deno compile` out of the npm registry, for machines that cannot download Deno's
 * own. A package that ships a Deno-compiled executable holds the base whole: the ELF file from its
 * start to the end of its section header table; the packed application follows.
 *
 * For tests, never for a release: the base is older than the compiler and comes in a third party's
 * package. It is taken only if its bytes are exactly the ones below.
 */
import { createHash } from "node:crypto";

const PACKAGE = "@mcp-stress/linux-x64@0.2.1";
const MEMBER = "package/bin/mcp-stress";
/** Of denort 2.6.10 for x86_64 Linux. */
const IMAGE_SHA256 = "1b136202dc147212ad0b129de0c10eb5f17060917c9754c7921cd68f764ad2e2";

/** The path of the base, taken from the user's cache or else from the registry with npm's own client. */
export async function npmDenortBase(): Promise<string> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    throw new Error("The base on npm is for x86_64 Linux alone; set DENORT_BIN instead");
  }
  const path = `${cacheFolder()}/denort-${IMAGE_SHA256.slice(0, 12)}`;
  const cached = await Deno.readFile(path).catch(() => null);
  if (cached !== null && sha256(cached) === IMAGE_SHA256) return path;
  const image = elfImage(await packageMember());
  if (sha256(image) !== IMAGE_SHA256) {
    throw new Error(`The base in ${PACKAGE} is not the expected one: SHA-256 ${sha256(image)}`);
  }
  await writeExecutable(path, image);
  return path;
}

/** The bytes of an ELF64 file up to the end of its section header table (e_shoff + e_shentsize × e_shnum). */
function elfImage(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 64 || view.getUint32(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error("Not a little-endian ELF64 file");
  }
  const end = Number(view.getBigUint64(0x28, true)) +
    view.getUint16(0x3a, true) * view.getUint16(0x3c, true);
  if (end > file.length) throw new Error("The ELF file is cut short");
  return file.subarray(0, end);
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function packageMember(): Promise<Uint8Array> {
  const folder = await Deno.makeTempDir({ prefix: "keysmith-denort-" });
  try {
    await run("npm", ["pack", PACKAGE, "--silent", "--pack-destination", folder]);
    const [archive] = [...Deno.readDirSync(folder)].map(({ name }) => name);
    await run("tar", ["-xzf", `${folder}/${archive}`, "-C", folder, MEMBER]);
    return await Deno.readFile(`${folder}/${MEMBER}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function writeExecutable(path: string, image: Uint8Array): Promise<void> {
  await Deno.mkdir(cacheFolder(), { recursive: true });
  const partial = `${path}.${Deno.pid}`;
  await Deno.writeFile(partial, image, { mode: 0o755 });
  await Deno.rename(partial, path);
}

function cacheFolder(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  return `${cache}/keysmith`;
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { success, code } = await new Deno.Command(program, {
    args: [...args],
    stdout: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`"${program} ${args[0]}" ended with exit code ${code}`);
}
