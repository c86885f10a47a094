/**
 * `structuredClone` for a script (HTML standard section 2.7.4), without what the runtime adds to it: an object that
 * carries the runtime's mark for host objects would be made into one of any class.
 */
export function guestStructuredClone(value: unknown): unknown {
  return cloned(value, new Map());
}

function cloned(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw uncloneable(value);
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = <T>(copy: T): T => {
    seen.set(value, copy);
    return copy;
  };
  if (Array.isArray(value)) return withMembers(value, keep(new Array(value.length)), seen);
  if (value instanceof Date) return keep(new Date(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) return keep(viewOf(value));
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [key, item] of [...value]) copy.set(cloned(key, seen), cloned(item, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const item of [...value]) copy.add(cloned(item, seen));
    return copy;
  }
  if (value instanceof Error) return keep(new Error(String(value.message)));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw uncloneable(value);
  return withMembers(value, keep({}), seen);
}

function withMembers(from: object, to: object, seen: Map<object, unknown>): object {
  for (const [key, item] of Object.entries(from)) {
    const member = {
      value: cloned(item, seen),
      enumerable: true,
      writable: true,
      configurable: true,
    };
    Object.defineProperty(to, key, member);
  }
  return to;
}

function viewOf(view: ArrayBufferView): unknown {
  const bytes = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength)
    .slice();
  if (view instanceof DataView) return new DataView(bytes.buffer);
  const { constructor } = Object.getPrototypeOf(view) as { constructor: Uint8ArrayConstructor };
  return new constructor(bytes.buffer);
}

function uncloneable(value: unknown): DOMException {
  return new DOMException(`${typeof value} cannot be cloned`, "DataCloneError");
}
