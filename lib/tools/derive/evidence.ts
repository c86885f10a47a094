/**
 * Where the words of paths occur as data. A path word that servers hand out as a value (a user name, a
 * slug) or that a client sent as one is an argument; one that only ever stands in paths is a route.
 */
import { isRecord, type JsonValue } from "../../base/json.ts";
import { words } from "../../http/vocabulary.ts";

/** Members that name the kind of a thing: their values are the routes' own words. */
const KIND_KEYS =
  /^(type|types|kind|object|resource|resources|entity|model|class|collection|typename|rel|category|section|module|permission|permissions|scope|scopes|role|roles|feature|features|menu|tab|page|path|route|method)$/;

/** Values longer than this are prose, shorter ones flags. In UTF-16 units. */
const MIN_LENGTH = 2;
const MAX_LENGTH = 128;

/** Where a value stood: the member that held it, and the path of the request. */
export interface DataPlace {
  readonly key: string;
  /** Segments joined by `/`, without a leading one. */
  readonly path: string;
  readonly side: "request" | "answer";
  /** Of the trace. */
  readonly index: number;
}

/** Places kept per value: the first ones, which is where it came from. */
const MAX_PLACES = 16;

export class DataIndex {
  readonly #places = new Map<string, DataPlace[]>();

  /** Notes every text and number in the data of a message. Traces come in time order. */
  add(value: JsonValue, place: Omit<DataPlace, "key">, key = ""): void {
    if (typeof value === "string" || typeof value === "number") {
      this.#note(String(value), { ...place, key });
    } else if (Array.isArray(value)) {
      for (const item of value) this.add(item, place, key);
    } else if (isRecord(value)) {
      for (const [name, member] of Object.entries(value)) {
        this.add(member as JsonValue, place, name);
      }
    }
  }

  /** Where the value stood, up to the answer of the trace with this index; members that name kinds left out. */
  placesUpTo(index: number, value: string): DataPlace[] {
    return (this.#places.get(value) ?? []).filter((place) => place.index <= index);
  }

  /** Where the value stood before the trace with this index was answered. */
  placesBefore(index: number, value: string): DataPlace[] {
    return this.placesUpTo(index, value).filter((place) =>
      place.index < index || place.side === "request"
    );
  }

  #note(value: string, place: DataPlace): void {
    if (value.length < MIN_LENGTH || value.length > MAX_LENGTH) return;
    if (KIND_KEYS.test(words(place.key))) return;
    const places = this.#places.get(value) ?? [];
    const isKnown = places.some(({ key, path, side }) =>
      key === place.key && path === place.path && side === place.side
    );
    if (isKnown || places.length >= MAX_PLACES) return;
    places.push(place);
    this.#places.set(value, places);
  }
}

const SHAPE_DEPTH = 3;
/** How much of the members two answers must share to be of the same shape. */
const MIN_OVERLAP = 0.6;
const MIN_MEMBERS = 2;

/** The member names of a JSON value down to a depth, as dotted paths; `[]` for elements. */
export function shapeOf(value: JsonValue, depth = SHAPE_DEPTH, prefix = ""): Set<string> {
  const shape = new Set<string>();
  if (depth === 0) return shape;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, 20)) addAll(shape, shapeOf(item, depth, `${prefix}[]`));
  } else if (isRecord(value)) {
    for (const [name, member] of Object.entries(value)) {
      shape.add(`${prefix}.${name}`);
      addAll(shape, shapeOf(member as JsonValue, depth - 1, `${prefix}.${name}`));
    }
  }
  return shape;
}

export function sameShape(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const shared = [...a].filter((path) => b.has(path)).length;
  const all = a.size + b.size - shared;
  return shared >= MIN_MEMBERS && shared / all >= MIN_OVERLAP;
}

function addAll(target: Set<string>, source: Iterable<string>): void {
  for (const item of source) target.add(item);
}
