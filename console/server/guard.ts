import type { IncomingMessage } from "node:http";

/** With every answer. No script, style or picture but the console's own, no other page around it. */
export const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
} as const;

export type Refusal = { readonly status: number; readonly text: string };

/**
 * Why a request is not answered. Another host's name that leads here is how a page from elsewhere would read what
 * only this machine may (DNS rebinding).
 */
export const refusal = (
  { method = "", headers }: Pick<IncomingMessage, "method" | "headers">,
  port: number,
): Refusal | undefined => {
  const hosts = ["127.0.0.1", "localhost", "[::1]"].map((host) => `${host}:${port}`);
  const origins = hosts.map((host) => `http://${host}`);
  if (!hosts.includes(headers.host ?? ""))
    return { status: 421, text: `The console answers to http://127.0.0.1:${port} only.\n` };
  if (!["GET", "HEAD", "PUT"].includes(method))
    return { status: 405, text: "The console answers GET and HEAD, and PUT to its faults.\n" };
  // A page from elsewhere cannot ask this way: its browser says where it is from.
  if (method === "PUT" && (headers.origin === undefined || !origins.includes(headers.origin)))
    return { status: 403, text: "Only the console's own pages may change anything.\n" };
  return undefined;
};
