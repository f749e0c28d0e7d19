// What every entry of the package has.
export * from "./journey.js";
export * from "./picture.js";
export { logFromColumns } from "./columns.js";
export * from "./input.js";
