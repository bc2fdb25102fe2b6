// A machine that is thrown away: this one's files under an overlay, with namespaces of its own and a real systemd as its
// first process. What happens there changes nothing here.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "./command.ts";

/** Longer no machine lives: whatever waits there in vain ends with it. */
const LIVES_AT_MOST = "300";

/**
 * Makes the machine, and boots it. $1: a directory that both see. Of what would start here by itself nothing does, for it could change settings of the kernel, which both machines share; and no policy-rc.d keeps packages
 * from starting services.
 */
const BOOT = `
set -e
mount --make-rprivate /
mkdir $1/cgroup
mount -t cgroup2 cgroup2 $1/cgroup
mkdir $1/cgroup/hpt-$$
echo $$ >$1/cgroup/hpt-$$/cgroup.procs
timeout -s KILL ${LIVES_AT_MOST} unshare --cgroup --fork --ipc --kill-child --mount --net --pid --uts sh -ec '
  root=$1/machine/root
  mkdir $1/machine
  mount -t tmpfs tmpfs $1/machine
  mkdir $1/machine/upper $1/machine/work $root
  mount -t overlay overlay -o lowerdir=/,upperdir=$1/machine/upper,workdir=$1/machine/work $root
  mount -t proc proc $root/proc
  mount -t sysfs -o ro sysfs $root/sys
  mount -t cgroup2 cgroup2 $root/sys/fs/cgroup
  for directory in run tmp dev; do mount -t tmpfs tmpfs $root/$directory; done
  for device in null zero full random urandom tty; do
    touch $root/dev/$device
    mount --bind /dev/$device $root/dev/$device
  done
  mkdir $root/dev/pts $root/dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666 devpts $root/dev/pts
  ln -s pts/ptmx $root/dev/ptmx
  ln -s /proc/self/fd $root/dev/fd
  mkdir $root/tmp/shared $root/tmp/changed
  mount --bind $1 $root/tmp/shared
  mount --bind $1/machine/upper $root/tmp/changed
  rm -rf $root/etc/systemd/system/*.wants $root/lib/systemd/system/*.wants $root/usr/sbin/policy-rc.d
  ip link set lo up
  mkdir -p $root/run/systemd/system
  cp $1/test.service $root/run/systemd/system/test.service
  # Not chroot, within which a service cannot have a root of its own.
  cd $root
  mkdir before
  pivot_root . before
  umount -l /before
  exec env -i container=other /lib/systemd/systemd --system --unit=test.service --log-target=journal
' sh $1 || true
find $1/cgroup/hpt-$$ -mindepth 1 -depth -type d -exec rmdir {} \\;
echo $$ >$1/cgroup/cgroup.procs
rmdir $1/cgroup/hpt-$$
`;

const SERVICE = `
[Unit]
DefaultDependencies=no
Requires=systemd-journald.service
After=systemd-journald.service

[Service]
Type=oneshot
WorkingDirectory=/tmp/shared
StandardOutput=append:/tmp/shared/out
StandardError=append:/tmp/shared/err
ExecStart=/bin/bash -eu /tmp/shared/script
ExecStopPost=/bin/sh -c 'echo $EXIT_STATUS >/tmp/shared/code; exec systemctl --force --force poweroff'
`;

/**
 * Runs a script (bash) as a service of such a machine: `files` lie in its working directory, and all files that differ from
 * this machine's in /tmp/changed. Returns how it ended and what it wrote; a machine that did not come up has the code -1.
 */
export async function onThrowAwayMachine(
  script: string,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), "hpt-machine-"));
  try {
    writeFileSync(join(directory, "test.service"), SERVICE);
    writeFileSync(join(directory, "script"), script);
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(directory, name), bytes);
    const words = ["--mount", "--", "sh", "-c", BOOT, "sh", directory];
    const said = await new Promise<string>((resolve) => {
      execFile("unshare", words, (_error, out, err) => resolve(`${out}${err}`));
    });
    const written = (name: string): string => {
      try {
        return readFileSync(join(directory, name), "utf8");
      } catch {
        return "";
      }
    };
    const code = Number(written("code") || -1);
    return { code, out: written("out"), err: `${said}${written("err")}` };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
