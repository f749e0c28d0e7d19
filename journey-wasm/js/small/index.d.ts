export * from "./journey.js";
export * from "./common.js";
