/** English route words: singular and plural, and names made of them. */
import { words } from "../../http/vocabulary.ts";
import type { SegmentKind } from "./segment_kind.ts";

const IRREGULAR: Readonly<Record<string, string>> = {
  analyses: "analysis",
  audios: "audio",
  avalanches: "avalanche",
  caches: "cache",
  calories: "calorie",
  children: "child",
  cookies: "cookie",
  crew: "crew",
  crises: "crisis",
  criteria: "criterion",
  data: "data",
  demos: "demo",
  diagnoses: "diagnosis",
  equipment: "equipment",
  feedback: "feedback",
  headaches: "headache",
  history: "history",
  indices: "index",
  infos: "info",
  inventory: "inventory",
  knives: "knife",
  leaves: "leave",
  lives: "life",
  logos: "logo",
  media: "media",
  memos: "memo",
  men: "man",
  metadata: "metadata",
  mice: "mouse",
  movies: "movie",
  matrices: "matrix",
  news: "news",
  niches: "niche",
  people: "person",
  photos: "photo",
  promos: "promo",
  repos: "repo",
  series: "series",
  staff: "staff",
  shelves: "shelf",
  vertices: "vertex",
  wolves: "wolf",
  todos: "todo",
  traffic: "traffic",
  trash: "trash",
  videos: "video",
  weather: "weather",
  women: "woman",
  zombies: "zombie",
};

/** Plurals that end in `es` where the singular does not: boxes, batches, heroes, buses, aliases, quizzes. */
const ENDS_IN_ES =
  /(ss|x|zz|ch|sh|(her|potat|tomat|ech|vet|torped)o|(^|[^a-z])bus|(stat|vir|bon|camp|cens|chor|corp|foc|radi|syllab|call|nex)us|alias|canvas|atlas|bias|lens|(^|_)gas)es$/;

/** `notes` is `note`, `categories` is `category`, `status` stays. */
export function singular(word: string): string {
  const lower = word.toLowerCase();
  const irregular = IRREGULAR[lower];
  if (irregular !== undefined) return irregular;
  if (/[^aeiou]ies$/.test(lower)) return lower.replace(/ies$/, "y");
  if (ENDS_IN_ES.test(lower)) return lower.slice(0, -2);
  return isPlural(lower) ? lower.slice(0, -1) : lower;
}

export function isPlural(word: string): boolean {
  const lower = word.toLowerCase();
  if (Object.hasOwn(IRREGULAR, lower)) return IRREGULAR[lower] !== lower;
  return /[^su]s$/.test(lower) &&
    !/(sis|xis|previous|status|address|access|process|os)$/.test(lower);
}

/** `note` is `notes`, `category` is `categories`; a plural stays. */
export function plural(word: string): string {
  if (isPlural(word) || IRREGULAR[word.toLowerCase()] === word.toLowerCase()) return word;
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, "ies");
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** `userProfile`, `user-profile.php`: `user_profile`. `""` for text without a letter or digit. */
export function snakeCase(text: string): string {
  return words(text).replaceAll(" ", "_").replace(/[^a-z0-9_]/g, "");
}

/** The name of a path parameter, such as `note_id` behind `notes`. */
export function memberName(
  behind: string | undefined,
  kind: SegmentKind | null,
  dataKeys: readonly string[],
  taken: readonly string[],
): string {
  const noun = behind === undefined ? "" : snakeCase(singular(lastWord(behind)));
  const name = baseName(noun, kind, dataKeys);
  for (let number = 1;; number++) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

function baseName(noun: string, kind: SegmentKind | null, dataKeys: readonly string[]): string {
  if (kind === "date") return "date";
  if (kind === "email") return "email";
  if (kind !== null && kind !== "text" && kind !== "handle") {
    return noun === "" ? "id" : `${noun}_id`;
  }
  const key = dataKeys.map(snakeCase).find((name) => /^[a-z][a-z0-9_]{0,30}$/.test(name));
  if (key === undefined) return noun === "" ? "name" : noun;
  return noun === "" || key.startsWith(noun) || key.includes("name") ? key : `${noun}_${key}`;
}

/** `note-tags` is about tags. */
function lastWord(text: string): string {
  return text.replace(/\.\w+$/, "").split(/[^A-Za-z0-9]+/).filter((word) => word !== "").at(-1) ??
    "";
}
