/** Elements without an end tag (HTML standard, section 13.1.2 "void elements"). */
export const VOID_TAGS: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta source track wbr".split(" "),
);
