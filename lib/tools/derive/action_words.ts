/** Words of a path that say what is done, not to what. */

/** Words that ask for something; with another method than GET they may as well be nouns' verbs. */
export const READING_WORDS = [
  ..."search find query filter lookup count export download preview validate check test".split(" "),
  ..."get list fetch read show view autocomplete suggest".split(" "),
];

/** Words that say what is done, not to what. */
const ACTION_WORDS = new Set([
  ...READING_WORDS,
  ..."import upload send cancel archive unarchive restore publish unpublish approve reject".split(
    " ",
  ),
  ..."accept decline close reopen open start stop pause resume run execute enable disable".split(
    " ",
  ),
  ..."activate deactivate lock unlock share unshare copy clone duplicate move rename merge".split(
    " ",
  ),
  ..."sync refresh reset retry apply assign unassign complete submit confirm like unlike".split(
    " ",
  ),
  ..."follow unfollow star unstar vote subscribe unsubscribe pin unpin mute unmute unread".split(
    " ",
  ),
  ..."new add remove empty create update delete edit save set change bulk batch".split(" "),
]);

export function isActionWord(word: string): boolean {
  return ACTION_WORDS.has(word.toLowerCase());
}

/** `archive`, or a phrase that begins with such a word: `get-session`, `add_member`. */
export function isActionPhrase(noun: string): boolean {
  return ACTION_WORDS.has(noun.split("_", 1)[0]!);
}
