// Why nothing can be sent or received.

/** A sentence for whoever asked for it: what is in the way, where, and what to do. */
export class TrafficError extends Error {
  override readonly name = "TrafficError";
}

/** What an error number of the kernel means for traffic, and what to do (errno(3)). */
const REASONS: Readonly<Record<string, string>> = {
  ENETUNREACH:
    'no route leads there, or its interface is down: name an interface ("--interface"), or add a route ("ip route add 224.0.0.0/4 dev IF")',
  EHOSTUNREACH: "no route leads there",
  ENODEV:
    'no route says on which interface: name one ("--interface"), or add a route ("ip route add 224.0.0.0/4 dev IF")',
  ENETDOWN: "the interface is down",
  EADDRNOTAVAIL: 'no interface has that address ("ip address" lists those that there are)',
  EADDRINUSE: "another program has the port for itself: choose another one",
  EACCES: "this user may not: choose a port above 1023, or run this as root",
  EPERM: 'the firewall of this machine forbids it ("nft list ruleset" shows it)',
  ENOBUFS:
    "the kernel has no room for it: too many packets at once, or more groups than net.ipv4.igmp_max_memberships",
  EMSGSIZE: "the packet is too long",
};

/** What `code` means, and the code; the code alone where no words help. */
export function wordsOf(code: string): string {
  const reason = REASONS[code];
  return reason === undefined ? code : `${reason} (${code})`;
}

/** The code of a socket's error. */
export const codeOf = ({ code, message }: NodeJS.ErrnoException): string => code ?? message;

/** What an error of a socket means. */
export const whyItFailed = (error: NodeJS.ErrnoException): string => wordsOf(codeOf(error));
