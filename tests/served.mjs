// Pages for tests that look at them: a server of files and texts on this machine, with a content security policy if asked for.
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";

const TYPES = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm", html: "text/html; charset=utf-8", css: "text/css", csv: "text/csv" };

/** Serves `pages`, texts by their path, and the files of `folders`, by the beginning of their paths. */
export async function serve({ pages = {}, folders = {}, policy }) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const type = TYPES[path === "/" ? "html" : path.split(".").pop()] ?? "application/octet-stream";
    const [start] = Object.keys(folders).filter((one) => path.startsWith(one));
    const file = start !== undefined && join(folders[start], normalize(path.slice(start.length)));
    const body = pages[path] ?? (file && existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined);
    if (body === undefined) return response.writeHead(404).end();
    response.setHeader("content-type", type);
    if (policy) response.setHeader("content-security-policy", policy);
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))) };
}
