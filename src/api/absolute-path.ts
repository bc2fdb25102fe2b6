// Paths of files, wherever one is given.
/** The absolute path of a file, as the system takes it: without null bytes. */
export const ABSOLUTE_PATH: RegExp = /^\/[^\0]*$/;
