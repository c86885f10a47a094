/** Which of a secret's sources a client proves itself with. Apart from the client, which loads the library. */
import type { OAuthSource, TextSource } from "../../base/config.ts";

/** `null` for a public client. */
export function clientProof(
  { clientAuth, clientSecret, privateKey }: OAuthSource,
): TextSource | null {
  switch (clientAuth) {
    case "none":
      return null;
    case "private_key_jwt":
      return privateKey;
    case "client_secret_basic":
    case "client_secret_post":
      return clientSecret;
    case null:
      return privateKey ?? clientSecret;
  }
}
