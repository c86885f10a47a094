/** A keychain in memory that can be taken away. */
import { AppError } from "../../lib/base/error.ts";
import type { KeychainStore } from "../../lib/store/keychain_store.ts";

export class FakeKeychain implements KeychainStore {
  /** By `service/account`. */
  readonly items = new Map<string, string>();
  /** How often it was asked for anything. */
  uses = 0;
  isGone = false;
  /** Takes secrets and keeps none. */
  isForgetful = false;
  /** Runs before a secret is read. */
  beforeGet: () => Promise<void> = () => Promise.resolve();

  async get(service: string, account: string | null): Promise<string | null> {
    this.#use();
    await this.beforeGet();
    if (account === null) {
      return [...this.items].find(([name]) => name.startsWith(`${service}/`))?.[1] ?? null;
    }
    return this.items.get(`${service}/${account}`) ?? null;
  }

  async set(service: string, account: string, secret: string): Promise<void> {
    await Promise.resolve(this.#use());
    if (!this.isForgetful) this.items.set(`${service}/${account}`, secret);
  }

  async delete(service: string, account: string): Promise<boolean> {
    await Promise.resolve(this.#use());
    return this.items.delete(`${service}/${account}`);
  }

  available(): Promise<boolean> {
    return Promise.resolve(!this.isGone);
  }

  #use(): void {
    this.uses++;
    if (this.isGone) throw new AppError("UNSUPPORTED", "Cannot use the system keychain: gone");
  }
}
