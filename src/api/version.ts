// The version of the control API.

/** Version of the API and of every answer: it changes when a field changes its meaning or goes. */
export const API_VERSION = 1;

/** What every answer has, but a refusal. */
export interface Versioned {
  readonly version: typeof API_VERSION;
}
