// The links of a model as channels: one for each receiving interface and sender. A channel keeps the order of messages;
// between channels there is none.
import { formatPrefix } from "../../base/address.ts";
import { known } from "../../base/invariant.ts";
import type { InterfaceFacts, RouterAction, RouterEvent } from "../../core/events.ts";
import { allRouters } from "../../core/messages.ts";
import type { ModelRouter } from "./model.ts";

/** From one interface to another of the same link. */
export interface Channel {
  readonly from: number;
  readonly sender: InterfaceFacts;
  readonly to: number;
  readonly receiver: InterfaceFacts;
}

const addressOf = (facts: InterfaceFacts): InterfaceFacts["addresses"][number] =>
  known(facts.addresses[0], "address of an interface of a model");

/** The subnet of an interface: what names its link. */
export const subnetOf = (facts: InterfaceFacts): string => formatPrefix(addressOf(facts).subnet);

/** All channels of a network. */
export class Wires {
  readonly channels: readonly Channel[];

  constructor(routers: readonly ModelRouter[]) {
    const ends = routers.flatMap(({ interfaces }, router) =>
      interfaces.map((facts) => ({ router, facts })),
    );
    this.channels = ends.flatMap(({ router: to, facts: receiver }) =>
      ends
        .filter(({ router, facts }) => router !== to && subnetOf(facts) === subnetOf(receiver))
        .map(({ router: from, facts: sender }) => ({ from, sender, to, receiver })),
    );
  }

  /** Where a message goes, and as what it arrives there. */
  deliveries(
    router: number,
    send: Extract<RouterAction, { kind: "send" }>,
  ): readonly { readonly channel: number; readonly event: RouterEvent }[] {
    const { source, destination, message } = send;
    return [...this.channels.entries()]
      .filter(([, { from, sender }]) => from === router && sender.index === send.interface)
      .filter(
        ([, { receiver }]) =>
          destination === allRouters(4) || destination === addressOf(receiver).address,
      )
      .map(([channel, { receiver }]) => ({
        channel,
        event: { kind: "message", interface: receiver.index, source, destination, ttl: 1, message },
      }));
  }
}
