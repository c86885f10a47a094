/**
 * Secrets of any length in a keychain whose items hold little text.
 *
 * A secret is kept as base64 in pieces under `ACCOUNT#GENERATION#0`, `#1`, …; the item `ACCOUNT` names the
 * generation and the number of pieces, or holds a short secret itself. A new secret is a new
 * generation, and becomes the secret when the one item `ACCOUNT` is replaced: whoever is killed before
 * that leaves the old secret whole.
 *
 * An item that someone else stored is read as it is.
 */
import { AppError } from "../base/error.ts";
import type { KeychainStore } from "./keychain_store.ts";

/** Single items of ASCII text. */
export interface ItemStore {
  /** Without an account: the first item of the service. */
  read(service: string, account: string | null): Promise<string | null>;
  write(service: string, account: string, text: string): Promise<void>;
  remove(service: string, account: string): Promise<boolean>;
}

/** `security -i` takes lines of 4096 bytes, which hold the names too. */
const MAX_PIECE_LENGTH = 3000;

/** Pieces vanish under a reader when a writer replaces them; the next look finds the new ones. */
const MAX_READS = 3;

const INLINE_PREFIX = "keysmith-inline:";
const PIECES_PREFIX = "keysmith-pieces:";

type Head =
  | { readonly kind: "inline"; readonly base64: string }
  | { readonly kind: "pieces"; readonly generation: string; readonly count: number };

export function chunkedKeychain(items: ItemStore): KeychainStore {
  return {
    get: (service, account) => readSecret(items, service, account),
    set: (service, account, secret) => writeSecret(items, service, account, secret),
    delete: (service, account) => deleteSecret(items, service, account),
    async available() {
      try {
        await items.read("keysmith", "probe");
        return true;
      } catch (error) {
        if (error instanceof AppError && error.code === "UNSUPPORTED") return false;
        throw error;
      }
    },
  };
}

async function readSecret(
  items: ItemStore,
  service: string,
  account: string | null,
): Promise<string | null> {
  for (let attempt = 0; attempt < MAX_READS; attempt++) {
    const text = await items.read(service, account);
    if (text === null) return null;
    const head = parseHead(text);
    if (head === null) return text.replace(/\r?\n$/, "");
    const secret = decode(
      head.kind === "inline"
        ? head.base64
        : account === null
        ? null
        : await joinPieces(items, service, account, head),
    );
    if (secret !== null) return secret;
  }
  throw damaged(service, account ?? "");
}

/** `null` when a piece is missing. */
async function joinPieces(
  items: ItemStore,
  service: string,
  account: string,
  head: Head & { kind: "pieces" },
): Promise<string | null> {
  let base64 = "";
  for (let index = 0; index < head.count; index++) {
    const piece = await items.read(service, pieceName(account, head.generation, index));
    if (piece === null) return null;
    base64 += piece;
  }
  return base64;
}

async function writeSecret(
  items: ItemStore,
  service: string,
  account: string,
  secret: string,
): Promise<void> {
  const previous = parseHead(await items.read(service, account) ?? "");
  const base64 = new TextEncoder().encode(secret).toBase64();
  if (base64.length <= MAX_PIECE_LENGTH) {
    await items.write(service, account, `${INLINE_PREFIX}${base64}`);
  } else {
    const generation = crypto.randomUUID();
    const count = Math.ceil(base64.length / MAX_PIECE_LENGTH);
    for (let index = 0; index < count; index++) {
      const piece = base64.slice(index * MAX_PIECE_LENGTH, (index + 1) * MAX_PIECE_LENGTH);
      await items.write(service, pieceName(account, generation, index), piece);
    }
    await items.write(service, account, `${PIECES_PREFIX}${generation}:${count}`);
  }
  await removePieces(items, service, account, previous);
}

async function deleteSecret(items: ItemStore, service: string, account: string): Promise<boolean> {
  const head = parseHead(await items.read(service, account) ?? "");
  const existed = await items.remove(service, account);
  await removePieces(items, service, account, head);
  return existed;
}

async function removePieces(
  items: ItemStore,
  service: string,
  account: string,
  head: Head | null,
): Promise<void> {
  if (head?.kind !== "pieces") return;
  for (let index = 0; index < head.count; index++) {
    await items.remove(service, pieceName(account, head.generation, index));
  }
}

function pieceName(account: string, generation: string, index: number): string {
  return `${account}#${generation}#${index}`;
}

/** `null` for text that is not a head of ours. */
function parseHead(text: string): Head | null {
  if (text.startsWith(INLINE_PREFIX)) {
    return { kind: "inline", base64: text.slice(INLINE_PREFIX.length) };
  }
  if (!text.startsWith(PIECES_PREFIX)) return null;
  const [generation = "", count = ""] = text.slice(PIECES_PREFIX.length).split(":");
  return { kind: "pieces", generation, count: Number(count) };
}

/** `null` when it is not base64. */
function decode(base64: string | null): string | null {
  if (base64 === null) return null;
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(base64));
  } catch {
    return null;
  }
}

function damaged(service: string, account: string): AppError {
  return new AppError(
    "BAD_STORE",
    `The keychain item "${account}" of "${service}" is incomplete`,
    { hint: "Remove the item from the keychain and log in again", details: { service, account } },
  );
}
