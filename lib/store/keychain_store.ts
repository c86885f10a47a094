/** What a keychain does for the rest of the program, whatever keeps it. */
export interface KeychainStore {
  /**
   * The secret, `null` when there is none. Without an account the first of the service, whoever stored it.
   *
   * @throws {AppError} `UNSUPPORTED`.
   */
  get(service: string, account: string | null): Promise<string | null>;
  /** Replaces or creates the secret, in one step as seen by readers. @throws {AppError} `UNSUPPORTED`. */
  set(service: string, account: string, secret: string): Promise<void>;
  /** `false` when there was none. @throws {AppError} `UNSUPPORTED`. */
  delete(service: string, account: string): Promise<boolean>;
  /** True when the keychain can be read here and now. */
  available(): Promise<boolean>;
}
