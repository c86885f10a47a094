/** The error of whoever needs a token that only the user can get. */
import { AppError } from "../base/error.ts";

/** `cause`: the failure behind it; its details are kept. */
export function authNeeded(app: string, message: string, cause?: AppError): AppError {
  return new AppError("AUTH_NEEDED", message, {
    hint: `keysmith auth login ${app}`,
    ...(cause === undefined ? {} : { cause, details: cause.details }),
  });
}
