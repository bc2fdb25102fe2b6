// Any message, for fast-check.
import fc from "fast-check";
import type { Address, Family } from "../../src/base/address.ts";
import { addressBytes, ip, readAddress } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Message, Sync } from "../../src/core/messages.ts";
import type { GroupRecord, IgmpMessage } from "../../src/membership/messages.ts";
import type { SignatureRoom } from "../../src/wire/hpim.ts";
import type { Ipv4Datagram } from "../../src/wire/ip.ts";

/** Objects as literals make them. */
const PLAIN = { noNullPrototype: true } as const;
const unsigned = (bits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 });
const u32 = unsigned(32);
const sn = u32.map(sequenceNumber);
const boot = u32.map(bootTime);
const rpc = fc.record({ preference: u32, metric: u32 }, PLAIN);

/** Any address of the family. */
export const anyAddress = (family: Family): fc.Arbitrary<Address> =>
  fc
    .uint8Array({ minLength: addressBytes(family), maxLength: addressBytes(family) })
    .map((bytes) => readAddress(bytes, 0, family));

const options = { holdTimeSeconds: unsigned(16), checkpointSn: sn, holdTimeMillis: u32 };
const anyOptions = fc.record(options, { ...PLAIN, requiredKeys: [] });
const anyHelloOptions = fc.record(options, { ...PLAIN, requiredKeys: ["holdTimeSeconds"] });

const anyPart = (family: Family): fc.Arbitrary<Sync["part"]> =>
  fc.oneof(
    fc.record(
      {
        more: fc.constant(true),
        entries: fc.array(
          fc.record({ source: anyAddress(family), group: anyAddress(family), rpc }, PLAIN),
        ),
      },
      PLAIN,
    ),
    fc.record({ more: fc.constant(false), options: anyOptions }, PLAIN),
  );

/** Any message of the family that can be written. */
export function anyMessage(family: Family): fc.Arbitrary<Message> {
  const tree = { bootTime: boot, source: anyAddress(family), group: anyAddress(family) };
  return fc.oneof<fc.Arbitrary<Message>[]>(
    fc.record({ kind: fc.constant("hello"), bootTime: boot, options: anyHelloOptions }, PLAIN),
    fc.record(
      {
        kind: fc.constant("sync"),
        bootTime: boot,
        mySsn: sn,
        neighborSsn: sn,
        neighborBootTime: boot,
        leader: fc.boolean(),
        syncSn: unsigned(30),
        part: anyPart(family),
      },
      PLAIN,
    ),
    fc.record({ kind: fc.constant("iamUpstream"), ...tree, sn, rpc }, PLAIN),
    fc.record(
      {
        kind: fc.constantFrom("iamNoLongerUpstream", "interest", "noInterest"),
        ...tree,
        sn,
      },
      PLAIN,
    ),
    fc.record(
      {
        kind: fc.constant("ack"),
        ...tree,
        neighborBootTime: boot,
        neighborSsn: sn,
        mySsn: sn,
        neighborSn: sn,
      },
      PLAIN,
    ),
  );
}

/** Any room for a signature, or none. */
export const anyRoom: fc.Arbitrary<SignatureRoom | null> = fc.option(
  fc.record({ identifier: unsigned(16), lengthBytes: fc.integer({ min: 1, max: 255 }) }, PLAIN),
);

/** Any datagram that can be written. */
export const anyDatagram: fc.Arbitrary<Ipv4Datagram> = fc.record(
  {
    source: anyAddress(4),
    destination: anyAddress(4),
    ttl: unsigned(8),
    protocol: unsigned(8),
    tos: unsigned(8),
    routerAlert: fc.boolean(),
    payload: fc.uint8Array({ maxLength: 100 }),
  },
  PLAIN,
);

const NO_GROUP = ip("0.0.0.0");
const anyGroup = anyAddress(4).map((group) => (group === NO_GROUP ? null : group));

const anyRecord: fc.Arbitrary<GroupRecord> = fc.record(
  {
    type: fc.constantFrom(
      "isInclude",
      "isExclude",
      "toInclude",
      "toExclude",
      "allowNewSources",
      "blockOldSources",
    ),
    group: anyAddress(4),
    sources: fc.array(anyAddress(4)),
  },
  PLAIN,
);

/** Any message of IGMP whose response time, if it has one, can be written exactly. */
export const anyIgmp: fc.Arbitrary<IgmpMessage> = fc.oneof<fc.Arbitrary<IgmpMessage>[]>(
  fc.record(
    {
      kind: fc.constant("query"),
      version: fc.constant(1),
      group: anyGroup,
      maxResponseTenths: fc.constant(0),
    },
    PLAIN,
  ),
  fc.record(
    {
      kind: fc.constant("query"),
      version: fc.constant(2),
      group: anyGroup,
      maxResponseTenths: fc.integer({ min: 1, max: 255 }),
    },
    PLAIN,
  ),
  fc.record(
    {
      kind: fc.constant("query"),
      version: fc.constant(3),
      group: anyGroup,
      maxResponseTenths: fc.oneof(
        fc.integer({ min: 0, max: 127 }),
        // RFC 3376 §4.1.1: mantissa with its hidden bit, times a power of two.
        fc
          .tuple(fc.integer({ min: 16, max: 31 }), fc.integer({ min: 3, max: 10 }))
          .map(([mantissa, exponent]) => mantissa * 2 ** exponent),
      ),
    },
    PLAIN,
  ),
  fc.record(
    { kind: fc.constant("report"), version: fc.constantFrom(1, 2), group: anyAddress(4) },
    PLAIN,
  ),
  fc.record({ kind: fc.constant("leave"), group: anyAddress(4) }, PLAIN),
  fc.record({ kind: fc.constant("version3Report"), records: fc.array(anyRecord) }, PLAIN),
);

/** `bytes` after a few accidents: bytes changed, cut out or put in, the end cut or lengthened. */
export const anyMutation = (bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      bytes,
      fc.array(
        fc.record(
          {
            at: fc.nat(),
            remove: fc.nat({ max: 3 }),
            insert: fc.uint8Array({ maxLength: 3 }),
          },
          PLAIN,
        ),
        { maxLength: 4 },
      ),
    )
    .map(([whole, accidents]) => {
      let mutated = [...whole];
      for (const { at, remove, insert } of accidents) {
        mutated = mutated.toSpliced(at % (mutated.length + 1), remove, ...insert);
      }
      return Uint8Array.from(mutated);
    });
