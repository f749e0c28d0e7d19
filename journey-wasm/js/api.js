// What every entry of the package has.
export * from "./journey.js";
export * from "./picture.js";
export * from "./input.js";
