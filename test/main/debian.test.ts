// The Debian package: what is in it, and what becomes of a machine where it is installed, used and purged.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { needsRoot } from "../support/namespace.ts";
import { fromRoot } from "../support/root.ts";
import { onThrowAwayMachine } from "../support/throw-away-machine.ts";

const directory = mkdtempSync(join(tmpdir(), "hpt-debian-"));
let file = "";

before(() => {
  // Of the make that runs the tests.
  const { MAKEFLAGS, MAKELEVEL, ...env } = process.env;
  execFileSync(fromRoot("packaging/debian/build"), [directory], { env, stdio: "pipe" });
  file = join(directory, readdirSync(directory).join());
});

after(() => rmSync(directory, { recursive: true }));

const dpkg = (...words: readonly string[]): string =>
  execFileSync("dpkg-deb", [...words, file], { encoding: "utf8" });

test("it is of this architecture, and says what it needs", () => {
  const architecture = execFileSync("dpkg", ["--print-architecture"], { encoding: "utf8" }).trim();
  const { version } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8"));
  assert.equal(file, join(directory, `hpim-dm_${version}_${architecture}.deb`));
  const control = dpkg("--info");
  assert.match(control, /^ Depends: nodejs \(>= 20\.19\), libc6 .*systemd/m);
  assert.match(control, new RegExp(`^ Version: ${version}$`, "m"));
  assert.match(control, new RegExp(`^ Architecture: ${architecture}$`, "m"));
});

test("everything is root's, in its place, and nothing is too much", () => {
  const entries = dpkg("--contents")
    .trimEnd()
    .split("\n")
    .map((line) => /^(\S+) (\S+) +\d+ \S+ \S+ \.(\S+)/.exec(line) ?? assert.fail(line))
    .map(([, mode = "", owner = "", path = ""]) => ({ mode, owner, path }));
  assert.deepEqual([...new Set(entries.map(({ owner }) => owner))], ["root/root"]);
  const open = entries.filter(({ mode }) => !/^(?:l.*|.rw.r-.r-.)$/.test(mode));
  assert.deepEqual(open, []);
  const paths = entries.map(({ path }) => path).filter((path) => !path.endsWith("/"));
  const program = "/usr/lib/hpim-dm/";
  assert.deepEqual(paths.filter((path) => !path.startsWith(program)).sort(), [
    "/etc/hpim-dm/hpim-dm.yaml",
    "/lib/systemd/system/hpim-dm.service",
    "/usr/bin/hpim-dm",
    "/usr/lib/sysusers.d/hpim-dm.conf",
    "/usr/share/bash-completion/completions/hpim-dm",
    "/usr/share/doc/hpim-dm/copyright",
    "/usr/share/man/man8/hpim-dm.8.gz",
    "/usr/share/zsh/vendor-completions/_hpim-dm",
  ]);
  const own = paths.filter((path) => path.startsWith(program));
  const parts = own.map((path) => path.slice(program.length).split("/", 1).join());
  assert.deepEqual(
    [...new Set(parts)].sort(),
    "LICENSE README.md bin dissector dist docs node_modules package.json packaging topologies".split(
      " ",
    ),
  );
  assert.equal(own.filter((path) => path.endsWith(".node")).length, 1);
  assert.deepEqual(
    own.filter((path) => /\/node_modules\/.*\.(?:cc|h|hh|lib|asm|S)$|packaging\/debian/.test(path)),
    [],
  );
});

/** What is done with it: a line for each step, with what came of it. */
const STEPS = `
say() { echo "$1: $("\${@:2}" 2>&1 | paste -sd ' ')"; }
until_so() { for i in {1..300}; do "$@" && return; sleep 0.1; done; echo "never: $*" >&2; systemctl status hpim-dm >&2; exit 9; }
as() { setpriv --reuid 61235 --regid "$1" --clear-groups "\${@:2}" || echo "($?)"; }
shown() { systemctl show -P "$1" hpim-dm; }
is() { [[ $(shown "$1") = $2 ]]; }
routes() { hpim-dm show interfaces | grep '^r0 .* on .* Querier' >&2; }
# Others' triggers, which make databases of manual pages, take longer than all the rest.
package() { dpkg --no-triggers "$@" hpim-dm >&2; }
# Node may be here without being a package. Some machines keep manual pages of packages out.
unpack() { dpkg --no-triggers --force-depends --install hpim-dm.deb >&2; }
rm -f /etc/dpkg/dpkg.cfg.d/*

unpack
say state systemctl is-active hpim-dm
say enabled systemctl is-enabled hpim-dm
say status shown StatusText
say socket stat -c '%U %G %a' /run/hpim-dm /run/hpim-dm/control.sock
say rights grep -hE '^(CapPrm|CapBnd|NoNewPrivs)' /proc/$(shown MainPID)/status
say member as hpim-dm hpim-dm show counters --interface lo
say stranger as nogroup hpim-dm show counters --interface lo
say verify systemd-analyze verify hpim-dm.service
systemd-analyze security --offline=yes --threshold=25 hpim-dm.service >security || { cat security >&2; exit 8; }
say page man -w hpim-dm

ip link add r0 type veth peer name r1
ip address add 10.9.0.1/24 dev r0
ip link set r0 up
ip link set r1 up
hpim-dm interface add r0 >&2
hpim-dm igmp add r0 >&2
say explained sh -c 'hpim-dm explain 10.9.0.2 239.1.1.1 | head -n 1'
say doctored hpim-dm doctor
until_so routes
say kept find /var/lib/hpim-dm -type f -printf '%U-%m-%P ' 
cp /etc/hpim-dm/hpim-dm.yaml before.yaml
echo 'interfaces: {r0: {hpim: true, igmp: true}}' >>/etc/hpim-dm/hpim-dm.yaml
systemctl reload hpim-dm
until_so is StatusText "/etc/hpim-dm/hpim-dm.yaml is in force*"
until_so is ActiveState active
cp /etc/hpim-dm/hpim-dm.yaml good.yaml
echo 'hpim: 3' >>/etc/hpim-dm/hpim-dm.yaml
systemctl reload hpim-dm
until_so is StatusText "Nothing has changed:"
say errors journalctl -u hpim-dm -p err -o cat
cp good.yaml /etc/hpim-dm/hpim-dm.yaml
routes

mkdir -p /etc/systemd/system/hpim-dm.service.d
cp /usr/lib/hpim-dm/packaging/real-time.conf /etc/systemd/system/hpim-dm.service.d/
printf '[Service]\\nWatchdogSec=2\\nLimitCORE=0\\n' >/etc/systemd/system/hpim-dm.service.d/watchdog.conf
systemctl daemon-reload
systemctl restart hpim-dm
say scheduling ps -o policy,rtprio --no-headers -L -p $(shown MainPID)
kill -STOP $(shown MainPID)
until_so is NRestarts 1
until_so is ActiveState active
until_so routes
say watchdog journalctl -u hpim-dm -g 'Watchdog timeout' -o cat
hpim-dm stop >&2
until_so is ActiveState inactive
say stopped shown Result
rm -r /etc/systemd/system/hpim-dm.service.d
systemctl daemon-reload
systemctl start hpim-dm

systemctl disable hpim-dm
first=$(shown MainPID)
cp before.yaml /etc/hpim-dm/hpim-dm.yaml
unpack
[[ $(shown MainPID) != "$first" ]]
say again systemctl is-active hpim-dm || true
say disabled systemctl is-enabled hpim-dm || true
package --remove
say removed systemctl is-active hpim-dm || true
say stays ls -d /etc/hpim-dm/hpim-dm.yaml /var/lib/hpim-dm
package --purge
# systemd-analyze has man(1) show the page, which keeps what it has shown.
say left find /tmp/changed /run /etc/systemd -name '*hpim*' -not -path '*/cache/man/*'
say names sh -c "grep -rl hpim-dm /tmp/changed/etc /tmp/changed/var/lib --exclude='*-' --exclude='*-old' | sort"
`;

const RESULTS: readonly (readonly [step: string, result: RegExp])[] = [
  ["state", /^active$/],
  ["enabled", /^enabled$/],
  ["status", /^hpim-dm \d+\.\d+\.\d+ runs\.$/],
  ["socket", /^hpim-dm hpim-dm 750 hpim-dm hpim-dm 660$/],
  ["rights", /^CapPrm:\t0+3000 CapBnd:\t0+3000 NoNewPrivs:\t1$/],
  ["member", /^(?!.*\(\d+\)$)/],
  ["stranger", /You may not talk to the daemon .* \(3\)$/],
  ["verify", /^$/],
  ["page", /^\/usr\/share\/man\/man8\/hpim-dm\.8\.gz$/],
  ["explained", /^\(10\.9\.0\.2, 239\.1\.1\.1\) is not forwarded\.$/],
  ["doctored", /^(?:Nothing was found\.|- )/],
  ["kept", /^(?:(\d+)-600-(?:changes\.yaml|boot-time\.r0) ?){2}$/],
  ["errors", /^Nothing has changed: subsystem=daemon .*hpim: expected a map of settings$/],
  ["scheduling", /^(?:RR +1 ?)+$/],
  ["watchdog", /^hpim-dm\.service: Watchdog timeout/],
  ["stopped", /^success$/],
  ["again", /^active$/],
  ["disabled", /^disabled$/],
  ["removed", /^inactive$/],
  ["stays", /^\/etc\/hpim-dm\/hpim-dm\.yaml \/var\/lib\/hpim-dm$/],
  ["left", /^$/],
  // The user stays (Debian's custom): its number is not to be another's.
  ["names", /^(?: ?\/tmp\/changed\/etc\/(?:group|gshadow|passwd|shadow))+$/],
];

test(
  "installed, it runs under systemd, and purged, nothing is left of it but its user",
  needsRoot,
  async () => {
    const deb = { "hpim-dm.deb": readFileSync(file) };
    const { code, out, err } = await onThrowAwayMachine(STEPS, deb);
    assert.equal(code, 0, out + err);
    const results = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/: ?(.*)/s, 2));
    assert.deepEqual(
      results.map(([step]) => step),
      RESULTS.map(([step]) => step),
      out,
    );
    for (const [index, [step, expected]] of RESULTS.entries()) {
      assert.match(results[index]?.[1] ?? "", expected, step);
    }
  },
);
