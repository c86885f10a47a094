/** An error that answers a request, with its code of JSON-RPC 2.0 (section 5.1). Whoever speaks the protocol reads `code`. */

export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;

export class RequestError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
