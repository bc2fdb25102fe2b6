// What a key is called by (§3).

/** SecurityIdentifier is a u16. */
export const HIGHEST_IDENTIFIER = 0xffff;

/** In place of an identifier: the key that was added last. */
export const NEWEST = "newest";
