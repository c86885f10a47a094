/**
 * What people say more loosely than `search_words.ts` has it: words that may mean the thing or the verb of an
 * interface, and most often mean something else. They count less. General to interfaces over HTTP.
 */

/** What may be done, by looser words. */
export const WIDER_VERBS: Readonly<Record<string, string>> = {
  create:
    "assign compose draft establish found import introduce order place prepare produce record save schedule start store propose suggest request add bring_up spin_up put_up put_in roll_out deploy install apply offer ask define insert append",
  delete:
    "abandon clean clean_up cut dispose drop forget kick_out prune quit retire strip take_off take_out tear_down trash undo unfollow unlist unpin unpublish unstar unsubscribe withdraw scrap nuke ditch dump unblock unban cut_off deregister decommission take_down shut_down uninstall eliminate empty flush disconnect dismiss unassign",
  update:
    "adapt adjust customize declare increase lower maintain mark override raise reassign refresh reorder reset set_as shift swap switch tweak suspend extend shorten enlarge bigger smaller resize bump reword cordon uncordon roll_back relabel annotate hide unhide convert point_to turn_into",
  get: "learn print tell",
  list: "how_many many tell see_all show_all everything",
  search: "discover filter hunt match",
  cancel: "abandon break_off call_off drop give_up kill revoke",
  start: "boot kick_off spin_up",
  send: "forward inform pass submit warn",
  download: "pull read see take_out",
  approve: "authorize give_okay green_light sign_off validate looks_good lgtm",
  reject: "decline deny dismiss refuse turn_down disapprove",
  pay: "settle spend",
  charge: "take cash_in collect",
  merge: "accept bring_in integrate unite sync to_date",
  lock: "close mute silence stop",
  unlock: "open reopen allow",
  disable: "deactivate pause stop silence",
  mute: "silence ignore quiet",
  assign: "hand_over hand give delegate responsible allocate",
  share: "invite give",
  transfer: "hand_over give move pass ownership",
  restore: "bring_back recover undelete undo revert",
  import: "bring_in load upload",
  export: "download dump save",
  rotate: "renew replace",
  verify: "confirm prove validate",
  subscribe: "follow watch",
  watch: "follow observe subscribe",
  follow: "subscribe watch",
  block: "ban forbid shut_out",
  ban: "block forbid throw_out",
  archive: "put_away retire shelve",
  invite: "ask add join",
  join: "enter",
  leave: "exit quit",
  vote: "like poll",
  void: "annul cancel invalid mistake",
  sync: "to_date up_to",
};
