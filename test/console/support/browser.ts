import { existsSync } from "node:fs";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

const CANDIDATES = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const NO_CHROMIUM = `there is no Chromium in ${CANDIDATES.filter((path) => path !== "").join(", ")}: install it (Debian: apt-get install -y chromium; macOS: brew install --cask chromium), or name its path in CHROMIUM`;

/** The installed Chromium, which asks nobody but the pages it is shown. Each launch has a new profile. */
export const launch = (): Promise<Browser> => {
  const executablePath = CANDIDATES.find((path) => path !== "" && existsSync(path));
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
};

export type Looks = { readonly scheme: "light" | "dark"; readonly width: number; readonly height?: number };

export const openPage = async (browser: Browser, { scheme, width, height = 900 }: Looks): Promise<Page> => {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height },
    locale: "en-GB",
    reducedMotion: "reduce",
  });
  return context.newPage();
};

/** What axe finds. The policy of the page lets no script in but its own: this one comes by the debugger. */
export const violationsOf = (shown: Page): Promise<unknown> =>
  shown.evaluate(
    `if (typeof axe === "undefined") { ${axe.source} }; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" | ").slice(0, 500)))`,
  );
