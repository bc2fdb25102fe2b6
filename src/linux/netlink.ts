// The rtnetlink sockets: those that ask for dumps and get them at once, and those that are told of changes.
// Numbers are those of linux/netlink.h and linux/rtnetlink.h.
import type { InterfaceIndex } from "../base/units.ts";
import {
  bind,
  close,
  EAGAIN,
  EINTR,
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
import { intBytes, openSocket, SOCK_RAW, setOption, setReceiveBuffer } from "./sockets.ts";

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
/** A socket has one request under way, so its messages need not be told from others'. */
const SEQUENCE = 1;
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

/** Asks for dumps and for single things, one at a time. */
export class NetlinkRequests {
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #fd: number;

  /** Throws HostError. */
  constructor() {
    this.#fd = openRequestSocket();
  }

  /** Takes a dump, and calls `take` for each message of it. Throws HostError, as `dumping`. */
  dump(request: NetlinkRequest, take: (body: DataView) => void): void {
    for (const _part of this.dumping(request, take));
  }

  /**
   * The same, a part each time that it is asked for more. Throws HostError (EINTR: what is dumped changed meanwhile), and
   * then what `take` got is nothing whole. Until it has ended no other dump may begin.
   */
  *dumping(request: NetlinkRequest, take: (body: DataView) => void): Generator<null, void> {
    let isWhole = false;
    try {
      this.#ask(request, DUMP);
      while (!isWhole) {
        isWhole = this.#receive(request, take);
        yield null;
      }
    } finally {
      // The kernel would go on with this dump, and refuse another one.
      if (!isWhole) this.#reopen();
    }
  }

  /** What `decode` makes of the one thing that the request asks for; null: it does not exist. Throws HostError. */
  get<T>(request: NetlinkRequest, decode: (body: DataView) => T | null): T | null {
    this.#ask(request, ONE);
    let found: T | null = null;
    this.#receive(request, (body) => {
      found = decode(body);
    });
    return found;
  }

  #ask({ type, body, what }: NetlinkRequest, flags: number): void {
    const sent = send(this.#fd, encodeRequest({ type, flags, sequence: SEQUENCE }, body));
    if (sent < 0) throw hostError("send", sent, `cannot ask for ${what}`);
  }

  /** Takes the next part. The kernel has queued it before the call that fetches the last one returns. Whether it was the last. */
  #receive(request: NetlinkRequest, take: (body: DataView) => void): boolean {
    let length = recv(this.#fd, this.#buffer);
    while (length === EINTR) length = recv(this.#fd, this.#buffer);
    if (length < 0) throw hostError("recv", length, `cannot read ${request.what}`);
    for (const message of splitMessages(this.#buffer.subarray(0, length))) {
      if ((message.flags & NLM_F_DUMP_INTR) !== 0) {
        throw hostError("recv", EINTR, `cannot read ${request.what}, which change meanwhile`);
      }
      if (isEnd(message, request)) return true;
      take(message.body);
    }
    return false;
  }

  #reopen(): void {
    const fresh = openRequestSocket();
    close(this.#fd);
    this.#fd = fresh;
  }

  close(): void {
    close(this.#fd);
  }
}

function openRequestSocket(): number {
  const fd = openSocket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, "a netlink socket");
  // Lets the kernel filter dumps; one that does not know it dumps more, which we filter ourselves.
  setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, intBytes(1));
  return fd;
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

/** Adds to `news` what `more` tells. */
export function addNews(news: News, more: News): void {
  news.links ||= more.links;
  news.routes ||= more.routes;
  for (const index of more.gone) news.gone.add(index);
}

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

/** A socket that is told of changes to what `groups` are about. Throws HostError. */
function openMonitorSocket(groups: readonly number[]): number {
  const what = "the netlink socket that is told of changes";
  const fd = openSocket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, what);
  setReceiveBuffer(fd, NEWS_BUFFER_BYTES);
  const name = new Uint8Array(12);
  name[0] = AF_NETLINK;
  const bound = bind(fd, name);
  if (bound < 0) throw hostError("bind", bound, `cannot set up ${what}`);
  for (const group of groups) {
    const option = { level: SOL_NETLINK, name: NETLINK_ADD_MEMBERSHIP };
    setOption(fd, option, group, `cannot set up ${what}`);
  }
  return fd;
}

/** Is told that links, addresses or routes have changed. */
export class NetlinkMonitor {
  /** Apart, for what goes lost in a flood of routes must not be that an interface went: no dump shows it. */
  readonly #links: number;
  readonly #routes: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);

  /** Subscribes: changes from now on are kept for `start`. Throws HostError. */
  constructor() {
    this.#links = openMonitorSocket([RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR]);
    this.#routes = openMonitorSocket([RTNLGRP_IPV4_ROUTE]);
    // Kernels before 5.3 have neither next hop objects nor this group.
    setsockopt(this.#routes, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, intBytes(RTNLGRP_NEXTHOP));
  }

  /** Tells `onNews` what has changed, once for all that had arrived. */
  start(onNews: (news: News) => void): void {
    const tell = (): void => {
      const news = noNews();
      this.#read(this.#links, news);
      this.#read(this.#routes, news);
      if (news.links || news.routes) onNews(news);
    };
    watch(this.#links, tell);
    watch(this.#routes, tell);
  }

  #read(fd: number, news: News): void {
    for (let read = 0; read < READS_PER_TURN; read++) {
      const length = recv(fd, this.#buffer);
      if (length === EAGAIN) break;
      // The kernel had more to tell than there was room, or cannot tell it: anything of it may have changed.
      if (length < 0 && length !== EINTR) {
        news.links ||= fd === this.#links;
        news.routes = true;
      }
      if (length <= 0) continue;
      for (const message of splitMessages(this.#buffer.subarray(0, length)))
        noteChange(news, message);
    }
  }

  close(): void {
    close(this.#links);
    close(this.#routes);
  }
}
