// Where the core, in the place of a captured router, sends something else than that did. The tests fail on any other
// difference, and on any of these that has gone. "-" is what only hpim-dm 1.5.1 sent, "+" what only the core did.

/** Differences of one cause. */
export interface Deviation {
  /** The topic of its row of protocol.md §18, or the section that asks for it; null: the capture itself is the cause. */
  readonly row: string | null;
  readonly why: string;
  /** By situation and router. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
}

const linkOf = (address: string): string => address.replace(/\d+$/, "0");

/** The first Syncs of a leader to these neighbors. */
const firstSyncs = (...neighbors: readonly string[]): readonly string[] =>
  neighbors.flatMap((to) => [
    `- ${linkOf(to)} Sync 0 leader to ${to}`,
    `+ ${linkOf(to)} Sync 0 leader HoldTime 40 to ${to}`,
  ]);

const goodbye = (link: string): readonly string[] => [
  `- ${link} Hello HoldTime 0`,
  `+ ${link} Hello HoldTime 0 CheckpointSN`,
];

/** Groups 224.12.0.x of b3. */
const UNTOLD = [
  1, 7, 17, 20, 24, 32, 44, 52, 57, 58, 67, 77, 80, 97, 108, 117, 135, 139, 151, 155, 158, 162, 168,
  172, 177, 178, 181, 187, 188, 193, 195, 196,
];

/** All of them. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    row: "no HoldTime in the last Sync",
    why: "1.5.1's first Sync of a leader without trees carries no HoldTime; every Sync of ours with m = 0 does",
    lines: {
      "a1 R2": firstSyncs("10.2.2.1"),
      "a2 R1": firstSyncs("10.2.2.2"),
      "a3 R1": firstSyncs("10.2.2.2"),
      "a4 R2": firstSyncs("10.5.5.3", "10.5.5.4", "10.5.5.5"),
      "a4 R3": firstSyncs("10.5.5.4"),
      "a4 R5": firstSyncs("10.5.5.3", "10.5.5.4"),
      "b1 R2": firstSyncs("10.2.2.1"),
      "b3 R2": firstSyncs("10.2.2.1"),
      "c1 R1": firstSyncs("10.4.4.4"),
      "c1 R2": firstSyncs("10.2.2.1", "10.5.5.5"),
      "c1 R3": firstSyncs("10.5.5.2", "10.5.5.5"),
      "c1 R4": firstSyncs("10.5.5.2", "10.5.5.3", "10.5.5.5", "10.5.5.6"),
      "c1 R5": firstSyncs("10.6.6.7"),
      "c1 R6": firstSyncs("10.5.5.2", "10.5.5.3", "10.5.5.5"),
      "c1 R7": firstSyncs("10.9.9.2"),
      "d1 blake2b R2": firstSyncs("10.20.1.1"),
      "d1 blake2s R2": firstSyncs("10.20.2.1"),
      "d1 md5 R2": firstSyncs("10.20.3.1"),
      "d1 sha1 R2": firstSyncs("10.20.4.1"),
      "d1 sha224 R2": firstSyncs("10.20.5.1"),
      "d1 sha256 R2": firstSyncs("10.20.6.1"),
      "d1 sha384 R2": firstSyncs("10.20.7.1"),
      "d1 sha3_224 R2": firstSyncs("10.20.8.1"),
      "d1 sha3_256 R1": firstSyncs("10.20.9.2"),
      "d1 sha3_384 R1": firstSyncs("10.20.10.2"),
      "d1 sha3_512 R1": firstSyncs("10.20.11.2"),
      "d1 sha512 R1": firstSyncs("10.20.12.2"),
    },
  },
  {
    row: "§5.2",
    why: "1.5.1's goodbye carries no CheckpointSN; every Hello of ours does",
    lines: {
      "a2 R2": goodbye("10.2.2.0"),
      "c4 R4": goodbye("10.5.5.0"),
      "c9 R1": goodbye("10.1.1.0"),
    },
  },
  {
    row: "§3",
    why: "1.5.1 without keys takes signed messages unverified and leads a synchronisation that R1 drops; ours drops them",
    lines: {
      "d2 R2": [
        "- 10.2.2.0 Sync 0 leader to 10.2.2.1",
        "- 10.2.2.0 Sync 0 leader HoldTime 40 to 10.2.2.1",
        "- 10.2.2.0 Sync 0 leader HoldTime 40 to 10.2.2.1",
        "- 10.2.2.0 Sync 0 leader HoldTime 40 to 10.2.2.1",
      ],
    },
  },
  {
    row: null,
    why: "the capture ends while R2 is still telling R1 of its 200 trees, one each 25 ms; ours says it all at once",
    lines: {
      "b3 R2": UNTOLD.map((x) => `+ 10.2.2.0 NoInterest (10.1.1.100,224.12.0.${x}) to 10.2.2.1`),
    },
  },
];
