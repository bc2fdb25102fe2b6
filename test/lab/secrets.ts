// Looks for secrets wherever they could have got: files, logs, lists, commands' outputs, and what /proc tells of processes.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { LIST_NAMES } from "../../src/api/lists/lists.ts";
import { askDaemon } from "../../src/lab/daemon-process.ts";
import { namespaceOf } from "../../src/lab/names.ts";
import { processesIn } from "../../src/lab/namespaces.ts";
import { filesOf } from "../../src/lab/record.ts";
import type { LabNetwork } from "../scenarios/lab-network.ts";
import { spellingsOf } from "../support/spellings.ts";
import { typed } from "./operator.ts";

/** Where something can be read, and all that can be read there. */
type Place = readonly [where: string, text: string];

/** Everything that a router's daemon tells whoever may ask, by where it is told. */
async function toldBy(network: LabNetwork, router: string): Promise<readonly Place[]> {
  const paths = [...LIST_NAMES, "configuration", "start-options", "version"];
  return Promise.all(
    paths.map(async (name): Promise<Place> => {
      const path = `/v1/${name}`;
      const answer = await askDaemon(network.lab, router, { method: "GET", path });
      return [`${router} GET ${path}`, JSON.stringify(answer)];
    }),
  );
}

/** What commands print on a router: lists as tables, for with --json they are what the daemon answers. */
async function printedOn(network: LabNetwork, router: string): Promise<readonly Place[]> {
  const lists = LIST_NAMES.map((name) => ["show", name]);
  return Promise.all(
    [...lists, ["show", "keys", "--json"], ["config", "show"]].map(
      async (words): Promise<Place> => [
        `${router} hpim-dm ${words.join(" ")}`,
        await typed(network, router, ...words),
      ],
    ),
  );
}

/** What everybody, or root, can see of the processes of a router. */
function seenOf({ lab }: LabNetwork, router: string): readonly Place[] {
  const processes = processesIn([namespaceOf(lab.name, router)]);
  assert.ok(processes.length > 0, `processes of ${router}`);
  return processes.flatMap((pid) =>
    ["cmdline", "environ", "comm"].map((name): Place => {
      const file = `/proc/${pid}/${name}`;
      return [file, readFileSync(file, "latin1")];
    }),
  );
}

/** All files of the lab: configuration, state and logs of the daemons, outputs. */
function filesIn(directory: string): readonly Place[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).flatMap((name) => {
    const file = join(directory, name);
    return statSync(file).isFile() ? [[name, readFileSync(file, "latin1")] as Place] : [];
  });
}

/** Fails unless these files, by their names in the lab's directory, and nothing else hold a secret; they are only root's. */
export async function expectSecretsOnlyIn(
  network: LabNetwork,
  secrets: readonly string[],
  expected: readonly string[],
): Promise<void> {
  const { lab } = network;
  const routers = [...lab.topology.routers.keys()];
  const directory = filesOf(lab);
  const places = [
    ...(await Promise.all(routers.map((router) => toldBy(network, router)))).flat(),
    ...(await printedOn(network, "R5")),
    ...routers.flatMap((router) => seenOf(network, router)),
    ...filesIn(directory),
  ];
  const spellings = spellingsOf(secrets);
  const found = places
    .filter(([, text]) => spellings.some((spelling) => text.includes(spelling)))
    .map(([place]) => place);
  assert.deepEqual(found.sort(), [...expected].sort());
  for (const name of expected) assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600);
}
