/** An exchange as it may be shown: credentials masked in their own places and wherever else they occur. */
import { MASK, type Redactor } from "../base/redact.ts";
import type { HeaderList } from "../http/exchange.ts";
import { percentDecode } from "../http/url.ts";
import { isSecretName } from "../http/vocabulary.ts";

/** Header lines with credentials masked; names, schemes and cookie attributes stay. */
export function maskHeaders(headers: HeaderList, redactor: Redactor): HeaderList {
  return headers.map(([name, value]) => [name, redactor.redact(maskHeader(name, value))]);
}

function maskHeader(name: string, value: string): string {
  switch (name.toLowerCase()) {
    case "authorization":
    case "proxy-authorization":
      return value.replace(/^(\S+\s+)?.*$/s, `$1${MASK}`);
    case "cookie":
      return value.replace(/(^|;\s{0,4})([^=;]{1,256})=[^;]*/g, `$1$2=${MASK}`);
    case "set-cookie":
      return value.replace(/^([^=;]*)=[^;]*/, `$1=${MASK}`);
    default:
      return isSecretName(name) ? MASK : value;
  }
}

/** The URL with password and credential parameters masked; as text, since a mask is not a URL character. */
export function maskUrlSecrets(url: string, redactor: Redactor): string {
  return redactor.redact(maskNamed(url));
}

/**
 * As `maskUrlSecrets`, for lists of thousands of URLs: `secrets` are looked up as whole parts of the URL
 * rather than searched for in it.
 */
export function maskUrlParts(url: string, secrets: ReadonlySet<string>): string {
  return maskNamed(url).replace(
    /[^/?&=;,#:@]+/g,
    (part) => secrets.has(part) || secrets.has(percentDecode(part)) ? MASK : part,
  );
}

function maskNamed(url: string): string {
  return url.replace(/^(\w{1,40}:\/\/[^/?#@:]*:)[^/?#@]*@/, `$1${MASK}@`).replace(
    /([?&#])([^=&#]{1,512})=([^&#]*)/g,
    (whole, mark, name) => isSecretName(name) ? `${mark}${name}=${MASK}` : whole,
  );
}
