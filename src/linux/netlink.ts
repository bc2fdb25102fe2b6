// The two rtnetlink sockets: one that asks for dumps and gets them at once, one that is told of changes.
// Numbers are those of linux/netlink.h and linux/rtnetlink.h.
import type { InterfaceIndex } from "../base/units.ts";
import {
  bind,
  close,
  EAGAIN,
  EINTR,
  ENOBUFS,
  ENOENT,
  hostError,
  recv,
  send,
  setsockopt,
  watch,
} from "./libc.ts";
import {
  DUMP,
  decodeLink,
  encodeRequest,
  errorOf,
  type NetlinkMessage,
  NLM_F_DUMP_INTR,
  NLMSG_DONE,
  NLMSG_ERROR,
  ONE,
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELROUTE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWROUTE,
  splitMessages,
} from "./netlink-codec.ts";
import { growReceiveBuffer, intBytes, openSocket, SOCK_RAW } from "./sockets.ts";

export const AF_UNSPEC = 0;

const AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;
const NETLINK_GET_STRICT_CHK = 12;
const RTNLGRP_LINK = 1;
const RTNLGRP_IPV4_IFADDR = 5;
const RTNLGRP_IPV4_ROUTE = 7;
const RTNLGRP_NEXTHOP = 32;
const RTM_NEWNEXTHOP = 104;
const RTM_DELNEXTHOP = 105;

/** More than the kernel puts into one part of a dump. */
const BUFFER_BYTES = 65536;
/** How often a dump is begun anew because the table changed meanwhile. A change that is missed comes as news. */
const DUMP_ATTEMPTS = 5;
/** System calls of one turn of the event loop. */
const READS_PER_TURN = 256;
const NEWS_BUFFER_BYTES = 1 << 20;

/** What to ask for: a message type, and its fixed structure with attributes. */
export interface NetlinkRequest {
  readonly type: number;
  readonly body: Uint8Array;
  /** The thing in words, as in "cannot read WHAT". */
  readonly what: string;
}

/** Asks for dumps, and for single things. */
export class NetlinkRequests {
  readonly #fd: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #sequence = 0;

  /** Throws HostError. */
  constructor() {
    this.#fd = openSocket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, "a netlink socket");
    // Lets the kernel filter dumps; one that does not know it dumps more, which we filter ourselves.
    setsockopt(this.#fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, intBytes(1));
  }

  /** What `decode` makes of each message of the dump, without its nulls. Throws HostError. */
  dump<T>(request: NetlinkRequest, decode: (body: DataView) => T | null): readonly T[] {
    for (let attempt = 1; ; attempt++) {
      const records: T[] = [];
      const parts = this.dumpSlowly(request, decode);
      let next = parts.next();
      for (; !next.done; next = parts.next()) records.push(next.value);
      if (!next.value || attempt === DUMP_ATTEMPTS) return records;
    }
  }

  /**
   * As `dump`, but read part by part as the records are taken; returns whether the table is known to have changed
   * meanwhile. Until it has ended nothing else may be asked for. Throws HostError.
   */
  *dumpSlowly<T>(
    request: NetlinkRequest,
    decode: (body: DataView) => T | null,
  ): Generator<T, boolean> {
    this.#send(request, DUMP);
    let interrupted = false;
    for (;;) {
      for (const message of this.#receive(request)) {
        interrupted ||= (message.flags & NLM_F_DUMP_INTR) !== 0;
        if (isEnd(message, request)) return interrupted;
        const record = decode(message.body);
        if (record !== null) yield record;
      }
    }
  }

  /** What `decode` makes of the one thing that the request asks for; null: it does not exist. Throws HostError. */
  get<T>(request: NetlinkRequest, decode: (body: DataView) => T | null): T | null {
    this.#send(request, ONE);
    for (;;) {
      for (const message of this.#receive(request)) {
        return isEnd(message, request) ? null : decode(message.body);
      }
    }
  }

  #send({ type, body, what }: NetlinkRequest, flags: number): void {
    this.#sequence++;
    const sent = send(this.#fd, encodeRequest({ type, flags, sequence: this.#sequence }, body));
    if (sent < 0) throw hostError("send", sent, `cannot ask for ${what}`);
  }

  /** The kernel has queued the next part of a dump before the call that fetches the last one returns. */
  #receive(request: NetlinkRequest): readonly NetlinkMessage[] {
    let length = recv(this.#fd, this.#buffer);
    while (length === EINTR) length = recv(this.#fd, this.#buffer);
    if (length < 0) throw hostError("recv", length, `cannot read ${request.what}`);
    const messages = splitMessages(this.#buffer.subarray(0, length));
    // What an earlier dump that failed left behind is none of ours.
    return messages.filter((message) => message.sequence === this.#sequence);
  }

  close(): void {
    close(this.#fd);
  }
}

/** Whether the message ends the dump. Throws the HostError that it carries. */
function isEnd(message: NetlinkMessage, request: NetlinkRequest): boolean {
  if (message.type !== NLMSG_DONE && message.type !== NLMSG_ERROR) return false;
  const error = errorOf(message);
  // A routing table comes into being with its first route.
  if (error < 0 && error !== ENOENT) throw hostError("recv", error, `cannot read ${request.what}`);
  return true;
}

/** Which tables have changed. */
export interface News {
  /** Links or addresses; routes may have gone with them, untold. */
  links: boolean;
  routes: boolean;
  /** Interfaces that were deleted, though one of the same number may exist again. */
  readonly gone: Set<InterfaceIndex>;
}

/** No news. */
export const noNews = (): News => ({ links: false, routes: false, gone: new Set() });

/** Notes in `news` what a notification is about. */
export function noteChange(news: News, message: NetlinkMessage): void {
  switch (message.type) {
    case RTM_NEWLINK:
    case RTM_NEWADDR:
    case RTM_DELADDR:
      news.links = true;
      return;
    case RTM_DELLINK: {
      const link = decodeLink(message.body);
      news.links = true;
      // A port that leaves a bridge is reported likewise, in the bridge's own family.
      if (link?.family === AF_UNSPEC) news.gone.add(link.index);
      return;
    }
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
    case RTM_NEWNEXTHOP:
    case RTM_DELNEXTHOP:
      news.routes = true;
  }
}

/** Is told that links, addresses or routes have changed. */
export class NetlinkMonitor {
  readonly #fd: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);

  /** Subscribes: changes from now on are kept for `start`. Throws HostError. */
  constructor() {
    const what = "the netlink socket that is told of changes";
    this.#fd = openSocket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, what);
    growReceiveBuffer(this.#fd, NEWS_BUFFER_BYTES);
    const name = new Uint8Array(12);
    name[0] = AF_NETLINK;
    const bound = bind(this.#fd, name);
    if (bound < 0) throw hostError("bind", bound, `cannot set up ${what}`);
    for (const group of [RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE])
      this.#join(group, what);
    // Kernels before 5.3 have neither next hop objects nor this group.
    setsockopt(this.#fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, intBytes(RTNLGRP_NEXTHOP));
  }

  #join(group: number, what: string): void {
    const result = setsockopt(this.#fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, intBytes(group));
    if (result < 0) throw hostError("setsockopt", result, `cannot set up ${what}`);
  }

  /** Tells `onNews` what has changed, once for all that had arrived. */
  start(onNews: (news: News) => void): void {
    watch(this.#fd, () => {
      const news = this.#read();
      if (news.links || news.routes) onNews(news);
    });
  }

  #read(): News {
    const news = noNews();
    for (let read = 0; read < READS_PER_TURN; read++) {
      const length = recv(this.#fd, this.#buffer);
      if (length === EAGAIN) break;
      // The kernel had more to tell than there was room: anything may have changed.
      if (length === ENOBUFS) {
        news.links = true;
        news.routes = true;
      }
      if (length <= 0) continue;
      for (const message of splitMessages(this.#buffer.subarray(0, length)))
        noteChange(news, message);
    }
    return news;
  }

  close(): void {
    close(this.#fd);
  }
}
