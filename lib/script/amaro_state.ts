/**
 * The state of amaro, which is WebAssembly: where the engine gives up on a text that is nested too deeply, its stack pointer
 * stays where it was and its memory half written, and every later text would fail ("memory access out of bounds").
 * amaro keeps its instance to itself, so it is looked for while amaro is loaded: this module is imported before it.
 */

interface AmaroExports {
  readonly memory: WebAssembly.Memory;
  /** Moves the stack pointer, and answers where it is then. */
  readonly __wbindgen_add_to_stack_pointer: (added: number) => number;
}

const Native = WebAssembly.Instance;
let amaro: AmaroExports | null = null;

WebAssembly.Instance = new Proxy(Native, {
  construct(target, args, made) {
    const instance = Reflect.construct(target, args, made) as WebAssembly.Instance;
    if ("transformSync" in instance.exports) amaro = instance.exports as unknown as AmaroExports;
    return instance;
  },
});

export interface AmaroState {
  /** What `work` answers. Where the engine gives up, amaro is afterwards as it was before its first work. */
  keep<T>(work: () => T): T;
}

/** Once amaro is loaded. @throws {Error} where its instance was not seen. */
export function amaroState(): AmaroState {
  WebAssembly.Instance = Native;
  if (amaro === null) throw new Error("amaro is not the WebAssembly that it was");
  const { memory, __wbindgen_add_to_stack_pointer: move } = amaro;
  let first: { readonly bytes: Uint8Array; readonly stack: number } | null = null;
  return {
    keep(work) {
      first ??= { bytes: new Uint8Array(memory.buffer.slice(0)), stack: move(0) };
      try {
        return work();
      } catch (thrown) {
        if (!isGivenUp(thrown)) throw thrown;
        move(first.stack - move(0));
        const now = new Uint8Array(memory.buffer); // it may have grown
        now.fill(0, first.bytes.length);
        now.set(first.bytes);
        throw thrown;
      }
    },
  };
}

/** Of the engine, and no word of amaro's. */
export function isGivenUp(thrown: unknown): boolean {
  return thrown instanceof RangeError || thrown instanceof WebAssembly.RuntimeError;
}
