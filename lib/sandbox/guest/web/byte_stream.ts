/** What a script reads a body by in pieces. The bytes are there already, so they come as one piece. */
export class ByteStream {
  readonly #bytes: () => Promise<Uint8Array<ArrayBuffer>>;
  #isLocked = false;
  #isRead = false;

  constructor(bytes: () => Promise<Uint8Array<ArrayBuffer>>) {
    this.#bytes = bytes;
  }

  get locked(): boolean {
    return this.#isLocked;
  }

  async cancel(): Promise<void> {
    this.#isRead = true;
    await Promise.resolve();
  }

  getReader() {
    if (this.#isLocked) throw new TypeError("The stream is locked");
    this.#isLocked = true;
    return Object.freeze({
      read: () => this.#read(),
      cancel: () => this.cancel(),
      releaseLock: () => {
        this.#isLocked = false;
      },
    });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { done, value } = await this.#read();
    if (!done && value !== undefined) yield value;
  }

  async #read(): Promise<{ done: boolean; value?: Uint8Array<ArrayBuffer> }> {
    if (this.#isRead) return { done: true };
    this.#isRead = true;
    const value = await this.#bytes();
    return value.length === 0 ? { done: true } : { done: false, value };
  }
}
