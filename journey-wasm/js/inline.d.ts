export * from "./index.js";

/** Starts the module, which is in the file itself; nothing is fetched. After a panic, it starts the module again. */
export function init(): Promise<void>;
