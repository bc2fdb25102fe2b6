// Capability sets as proc(5) shows them: what they hold, and what a process could come to hold.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CAP_DAC_OVERRIDE,
  CAP_DAC_READ_SEARCH,
  capabilityNames,
  capabilityNumbers,
  excessRights,
  parseRights,
  ROUTING_CAPABILITIES,
  type ThreadRights,
} from "../../src/base/capabilities.ts";

const STATUS = `Name:	node
Umask:	0022
Threads:	11
SigCgt:	0000000000000002
CapInh:	0000000000000001
CapPrm:	000001fffeffffff
CapEff:	0000000000003000
CapBnd:	8000000000000004
CapAmb:	0000000000001000
NoNewPrivs:	1
Seccomp:	0
`;

test("proc(5): the status of a thread says its capability sets and whether it gains new ones", () => {
  assert.deepEqual(parseRights(STATUS), {
    inheritable: 1n,
    permitted: 0x1fffeffffffn,
    effective: ROUTING_CAPABILITIES,
    bounding: (1n << 63n) | CAP_DAC_READ_SEARCH,
    ambient: 1n << 12n,
    noNewPrivileges: true,
  });
  assert.equal(parseRights(STATUS.replace("Privs:\t1", "Privs:\t0")).noNewPrivileges, false);
});

const NONE: ThreadRights = {
  ...{ inheritable: 0n, permitted: 0n, effective: 0n, bounding: 0n, ambient: 0n },
  noNewPrivileges: false,
};

test("proc(5): a status without these lines says that there is nothing", () => {
  assert.deepEqual(parseRights("Name:\tnode\n"), NONE);
});

test("linux/capability.h: the numbers and names of a set, in rising order", () => {
  const set = (1n << 40n) | (1n << 63n) | CAP_DAC_OVERRIDE | ROUTING_CAPABILITIES | 1n;
  assert.deepEqual(capabilityNumbers(set), [0, 1, 12, 13, 40, 63]);
  assert.deepEqual(capabilityNames(set), [
    ...["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_NET_ADMIN", "CAP_NET_RAW"],
    ...["CAP_CHECKPOINT_RESTORE", "capability 63"],
  ]);
  assert.deepEqual(capabilityNumbers(0n), []);
});

for (const set of ["effective", "permitted", "inheritable", "ambient", "bounding"] as const) {
  test(`capabilities(7): what one thread has ${set} beyond what is allowed is in excess`, () => {
    const more = { ...NONE, [set]: ROUTING_CAPABILITIES | 1n };
    assert.equal(excessRights([NONE, more], ROUTING_CAPABILITIES), 1n);
    assert.equal(excessRights([NONE, more], ROUTING_CAPABILITIES | 1n), 0n);
  });
}

test("prctl(2) PR_SET_NO_NEW_PRIVS: a bounding set is of no use in the threads that have it set", () => {
  const bounded = { ...NONE, bounding: 4n };
  const harmless = { ...bounded, noNewPrivileges: true };
  assert.equal(excessRights([harmless], 0n), 0n);
  assert.equal(excessRights([harmless, bounded], 0n), 4n);
});
