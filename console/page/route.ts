/** Where the reader is: all of it stands in the address, so that it can be reloaded, shared and gone back from. */
import { useEffect, useState } from "preact/hooks";

const here = (): URL => new URL(window.location.href);

const MOVED = "console:moved";

/** @param how replace: what is typed into a filter is one step back, not one for each letter */
export const go = (to: string, how: "push" | "replace" = "push"): void => {
  if (how === "push") window.history.pushState(null, "", to);
  else window.history.replaceState(null, "", to);
  window.dispatchEvent(new Event(MOVED));
};

export const useHere = (): URL => {
  const [url, setUrl] = useState(here);
  useEffect(() => {
    const moved = (): void => setUrl(here());
    window.addEventListener("popstate", moved);
    window.addEventListener(MOVED, moved);
    return () => {
      window.removeEventListener("popstate", moved);
      window.removeEventListener(MOVED, moved);
    };
  }, []);
  return url;
};

/** The address with other values of some parameters; an empty one is left out. */
export const withQuery = (url: URL, changes: Readonly<Record<string, string>>): string => {
  const query = new URLSearchParams(url.search);
  for (const [name, value] of Object.entries(changes))
    if (value === "") query.delete(name);
    else query.set(name, value);
  const text = query.toString();
  return text === "" ? url.pathname : `${url.pathname}?${text}`;
};

/** Links within the console are followed without loading it again; all others, and new tabs, by the browser. */
export const followLinks = (event: MouseEvent): void => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.origin !== window.location.origin || link.target !== "" || link.hash !== "") return;
  event.preventDefault();
  go(link.href);
};
