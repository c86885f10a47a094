/**
 * The native object behind each object of the classes of this folder. The runtime keeps what a body, a stream
 * or a blob works with (resource numbers, parts, algorithms) in properties whose keys are symbols, and a
 * symbol cannot be kept from code that has the object: any proxy sees it. So a script never has one.
 */

const natives = new WeakMap<object, unknown>();

export function hold<T extends object>(object: object, native: T): void {
  natives.set(object, native);
}

/** `undefined` for what is not an object of these classes. */
export function nativeOf(object: unknown): unknown {
  return typeof object === "object" && object !== null ? natives.get(object) : undefined;
}

/** @throws {TypeError} for an object of another class, as the standard's methods do. */
export function requireNative<T>(object: unknown): T {
  const native = nativeOf(object);
  if (native === undefined) throw new TypeError("Illegal invocation");
  return native as T;
}
