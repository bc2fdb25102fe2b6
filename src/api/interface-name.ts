// Names of network interfaces (linux/if.h: IFNAMSIZ).

const INTERFACE_NAME = /^[^\s/]{1,15}$/;

/** Whether an interface can have this name. */
export const isInterfaceName = (name: string): boolean =>
  INTERFACE_NAME.test(name) && name !== "." && name !== "..";
