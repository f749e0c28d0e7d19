// Builds the studio into files that work from any folder of any static server.
import { defineConfig, type Plugin } from "vite";

/** What the page may do: run its own scripts and the module, and ask for nothing but its own files. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Adds the policy to the page that is built; the development server needs styles within the page, which it forbids. */
function policy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [{ tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" }],
  };
}

export default defineConfig({
  base: "./",
  plugins: [policy()],
  server: { fs: { allow: ["../.."] } },
  worker: { format: "es" },
  build: {
    outDir: "../../target/studio",
    emptyOutDir: true,
    // One sheet is smaller than two.
    cssCodeSplit: false,
    // What is put into a style sheet or a script as `data:` is another source that the policy would have to name.
    assetsInlineLimit: 0,
    modulePreload: false,
    license: { fileName: "licences.md" },
    // Browsers that have `light-dark()`, as `<journey-map>` needs them.
    target: ["chrome123", "edge123", "firefox120", "safari17.5"],
  },
});
