/**
 * Time-based one-time codes (RFC 6238 over RFC 4226) and the `otpauth:` addresses that carry their secrets
 * (https://github.com/google/google-authenticator/wiki/Key-Uri-Format). Pure.
 */
import { createHmac } from "node:crypto";
import type { TotpSource } from "../base/config.ts";
import { totpAlgorithm } from "../base/config_answers.ts";
import { parseUrl } from "../http/url.ts";
import { SecretProblem } from "./secret_problem.ts";
import { trimEndOf } from "../base/trim.ts";

export interface TotpKey {
  readonly secret: Uint8Array;
  readonly algorithm: "SHA-1" | "SHA-256" | "SHA-512";
  readonly digits: number;
  readonly periodSec: number;
}

export type TotpSettings = Pick<TotpSource, "algorithm" | "digits" | "periodSec">;

/**
 * The key in a secret's text: base 32, or an `otpauth:` address. What the configuration says counts more
 * than what the address says; the rest is what authenticators take for granted.
 *
 * @throws {SecretProblem} for a text that is neither; it is not quoted.
 */
export function totpKey(text: string, settings: TotpSettings): TotpKey {
  const trimmed = text.trim();
  const url = /^otpauth:/i.test(trimmed) ? addressOf(trimmed) : null;
  const parameter = (name: string) => url?.searchParams.get(name) ?? null;
  const secret = base32(url === null ? trimmed : parameter("secret") ?? "");
  if (secret === null) throw new SecretProblem("the secret of the one-time code is not base 32");
  return {
    secret,
    algorithm: settings.algorithm ?? algorithmIn(parameter("algorithm")),
    digits: settings.digits ?? numberIn("digits", parameter("digits"), 6, 8) ?? 6,
    periodSec: settings.periodSec ?? numberIn("period", parameter("period"), 1, 3600) ?? 30,
  };
}

/** The window of time a moment is in, counted from the Unix epoch. */
export function stepAt(key: Pick<TotpKey, "periodSec">, nowMs: number): number {
  return Math.floor(nowMs / 1000 / key.periodSec);
}

/** The code of a window. */
export function codeOf({ secret, algorithm, digits }: TotpKey, step: number): string {
  const counter = new Uint8Array(8);
  new DataView(counter.buffer).setBigUint64(0, BigInt(step));
  const mac = createHmac(algorithm.replace("-", "").toLowerCase(), secret).update(counter).digest();
  const offset = mac.at(-1)! & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

function addressOf(text: string): URL {
  const url = parseUrl(text);
  if (url === null) throw new SecretProblem("the otpauth address cannot be read");
  if (url.host.toLowerCase() !== "totp") {
    throw new SecretProblem(`the otpauth address is of type "${url.host}", which no clock answers`);
  }
  return url;
}

function algorithmIn(name: string | null): TotpKey["algorithm"] {
  if (name === null) return "SHA-1";
  const algorithm = totpAlgorithm(name);
  if (algorithm === null) throw new SecretProblem("the otpauth address has an unknown algorithm");
  return algorithm;
}

function numberIn(name: string, text: string | null, min: number, max: number): number | null {
  if (text === null) return null;
  const number = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  throw new SecretProblem(`the otpauth address has no usable "${name}"`);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648 section 6, as people copy it: in groups, in small letters, with or without padding. */
function base32(text: string): Uint8Array | null {
  const digits = trimEndOf(text.replace(/[\s-]/g, ""), "=").toUpperCase();
  if (digits === "") return null;
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) return null;
    held = (held << 5 | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(held >> bits & 0xff);
  }
  return bytes.length === 0 ? null : new Uint8Array(bytes);
}
