// Many groups, one after the other.
import { formatAddress, ip, readAddress, writeAddress } from "../base/address.ts";

/** `count` addresses from `first` on, as text. */
export function groupsFrom(first: string, count: number): readonly string[] {
  const bytes = new Uint8Array(4);
  writeAddress(bytes, 0, ip(first));
  const view = new DataView(bytes.buffer);
  const start = view.getUint32(0);
  return Array.from({ length: count }, (_, i) => {
    view.setUint32(0, start + i);
    return formatAddress(readAddress(bytes, 0, 4));
  });
}
