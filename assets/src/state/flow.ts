/** Changes of one panel that come closer to one another than this, in milliseconds, are a flow: nothing of it is marked. */
export const FLOW_MS = 250;
