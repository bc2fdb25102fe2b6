// The types of messages by the names that the protocol gives them (protocol.md §2.1).
import type { Message } from "./decoded.ts";

/** The name of each type. */
export const TYPE_NAMES: Readonly<Record<Message["kind"], string>> = {
  hello: "Hello",
  sync: "Sync",
  iamUpstream: "IamUpstream",
  iamNoLongerUpstream: "IamNoLongerUpstream",
  interest: "Interest",
  noInterest: "NoInterest",
  ack: "Ack",
};
