// Secrets as they could be written.

/** The texts that give one of these secrets away. */
export const spellingsOf = (secrets: readonly string[]): readonly string[] =>
  secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    const inList = JSON.stringify([...bytes]).slice(1, -1);
    return [secret, bytes.toString("hex"), bytes.toString("base64").replace(/=+$/, ""), inList];
  });
