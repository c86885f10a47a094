/**
 * Files that are whole at any moment: a write goes to a temporary file in the same folder, is flushed
 * to the disk and takes the old file's place in one rename. Whoever is killed in between leaves the
 * old file as it was, and at most a temporary file, which a later write to the same file removes.
 */
import { basename, dirname, join } from "node:path";
import { AppError } from "../base/error.ts";

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** Bits that let group or others read, write or execute. */
const OTHERS_MASK = 0o077;
/** Between creating and locking a temporary file lie microseconds; this is ample. */
const UNLOCKED_GRACE_MS = 5000;

const IS_WINDOWS = Deno.build.os === "windows";

/**
 * Replaces or creates a file, 0600 from the moment it exists, in folders made 0700. When the promise
 * resolves, file and name are on the disk.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const folder = dirname(path);
  await makePrivateFolder(folder);
  await removeStaleTemporaries(path);
  const temporary = join(folder, `.${basename(path)}.${crypto.randomUUID()}.tmp`);
  try {
    await writeNewFile(temporary, bytes);
    await Deno.rename(temporary, path);
  } catch (error) {
    await removeFile(temporary).catch(() => {}); // else a later write removes it
    throw naming(path, error);
  }
  await syncFolder(folder);
}

/** Of an open file the runtime does not say which one failed. */
function naming(path: string, error: unknown): unknown {
  if (error instanceof Error && !error.message.includes(path)) error.message += `: write '${path}'`;
  return error;
}

/** Creates a folder and the missing ones above it, each 0700. Existing ones stay as they are. */
export async function makePrivateFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: FOLDER_MODE });
}

/** Creates an empty 0600 file unless there is one; for files that other code then writes into. */
export async function createPrivateFile(path: string): Promise<void> {
  await makePrivateFolder(dirname(path));
  try {
    (await Deno.open(path, { write: true, createNew: true, mode: FILE_MODE })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/** Removes a file; `false` when there was none. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  await syncFolder(dirname(path));
  return true;
}

/** The text of a file, `null` when there is none. */
export async function readTextFile(path: string): Promise<string | null> {
  return await readOpenFile(path, () => {});
}

/**
 * As `readTextFile`, for files that hold secrets.
 *
 * @throws {AppError} `BAD_STORE` when others can read the file or another user owns it.
 */
export async function readPrivateFile(path: string): Promise<string | null> {
  const text = await readOpenFile(path, (info) => checkPrivate(path, info));
  if (text !== null) await checkFolders(dirname(path));
  return text;
}

/** Any user who may write a folder above the file can put another in its place; a sticky one, such as `/tmp`, is safe. */
const STICKY = 0o1000;
const WORLD_WRITABLE = 0o002;

/** @throws {AppError} `BAD_STORE` naming the user's first folder on the way up that everybody may write. */
async function checkFolders(folder: string): Promise<void> {
  if (IS_WINDOWS) return;
  for (let at = folder;; at = dirname(at)) {
    const { uid, mode } = await Deno.stat(at);
    if (uid !== Deno.uid() || mode === null || (mode & STICKY) !== 0) return;
    if ((mode & WORLD_WRITABLE) !== 0) {
      throw new AppError(
        "BAD_STORE",
        `Everybody may write the folder "${at}", which holds secrets`,
        {
          hint: `chmod o-w "${at}"`,
          details: { file: at, mode: (mode & 0o777).toString(8) },
        },
      );
    }
    if (dirname(at) === at) return;
  }
}

/** The check is made on the open file: what is checked is what is read. */
async function readOpenFile(
  path: string,
  check: (info: Deno.FileInfo) => void,
): Promise<string | null> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  using open = file;
  const info = await open.stat();
  if (!info.isFile) throw noFile(path);
  check(info);
  return await new Response(open.readable).text();
}

function noFile(path: string): AppError {
  return new AppError("BAD_STORE", `"${path}" is not a file`, {
    hint: "Move away what stands there, and run the command that writes it again",
    details: { file: path },
  });
}

function checkPrivate(path: string, info: Deno.FileInfo): void {
  if (IS_WINDOWS) return;
  if (info.uid !== null && info.uid !== Deno.uid()) {
    throw new AppError("BAD_STORE", `"${path}" belongs to another user`, {
      hint: `sudo chown "$(id -u)" "${path}" && chmod 600 "${path}"`,
      details: { file: path },
    });
  }
  if (info.mode !== null && (info.mode & OTHERS_MASK) !== 0) {
    throw new AppError("BAD_STORE", `"${path}" holds secrets and others can read it`, {
      hint: `chmod 600 "${path}"`,
      details: { file: path, mode: (info.mode & 0o777).toString(8) },
    });
  }
}

async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: FILE_MODE });
  await file.lock(true);
  let written = 0;
  while (written < bytes.length) written += await file.write(bytes.subarray(written));
  await file.sync();
}

/** A rename is durable once its folder is flushed; Windows has no way to open a folder for that. */
async function syncFolder(path: string): Promise<void> {
  if (IS_WINDOWS) return;
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}

/** Temporary files hold what the file holds, secrets included, so those of killed writers must go. */
async function removeStaleTemporaries(path: string): Promise<void> {
  const prefix = `.${basename(path)}.`;
  for await (const entry of Deno.readDir(dirname(path))) {
    if (!entry.name.startsWith(prefix) || !entry.name.endsWith(".tmp")) continue;
    const temporary = join(dirname(path), entry.name);
    if (await isAbandoned(temporary)) await Deno.remove(temporary).catch(() => {});
  }
}

/** A writer holds a lock on its temporary file, which the kernel frees when the writer dies. */
async function isAbandoned(path: string): Promise<boolean> {
  try {
    using file = await Deno.open(path, { read: true, write: true });
    const { mtime } = await file.stat();
    const isRecent = mtime === null || Date.now() - mtime.getTime() < UNLOCKED_GRACE_MS;
    return !isRecent && await file.tryLock(true);
  } catch {
    return false;
  }
}
