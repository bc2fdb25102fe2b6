// Bytes by hand.

/** The bytes that `text` writes as hexadecimal digits; white space is for the reader. */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/\s/g, "");
  if (!/^([0-9a-f]{2})*$/.test(digits)) throw new Error(`"${text}" is not hexadecimal`);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
