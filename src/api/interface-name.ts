// Names of network interfaces (net/core/dev.c: dev_valid_name), and patterns of them.

/** What a name or a pattern looks like. A colon is in the names of addresses ("eth0:1") only. */
export const INTERFACE_NAME = /^(?!\.{1,2}$)[^\s/:]{1,15}$/;

/** Whether an interface can have this name. */
export const isInterfaceName = (name: string): boolean => INTERFACE_NAME.test(name);

const WILDCARD = "*";

/** Whether a key of the section `interfaces` means all interfaces whose names match it. */
export const isPattern = (key: string): boolean => key.includes(WILDCARD);

/** Whether `pattern`, in which a * stands for any characters or none, matches the whole `name`. */
export function matches(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split(WILDCARD);
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (name.length < first.length + last.length) return false;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  const middle = name.slice(first.length, name.length - last.length);
  let at = 0;
  for (const part of rest) {
    const found = middle.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return true;
}

/**
 * Of the keys of the section `interfaces`, in their order, the one that is about the interface called `name`: its own
 * name, else the first pattern that matches; undefined: none.
 */
export function keyFor(keys: Iterable<string>, name: string): string | undefined {
  let found: string | undefined;
  for (const key of keys) {
    if (key === name) return key;
    if (found === undefined && isPattern(key) && matches(key, name)) found = key;
  }
  return found;
}
