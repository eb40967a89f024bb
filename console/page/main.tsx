import { render } from "preact";
import { useEffect } from "preact/hooks";
import type { About } from "../shapes";
import { ApiPage } from "./api/api-page";
import { AboutContext, FeedContext, useFeed, useRead } from "./data";
import { AnnouncementsPage } from "./announcements/announcements-page";
import { FaultsPage } from "./faults/faults-page";
import { FunctionPage } from "./logs/function-page";
import { FunctionsPage } from "./logs/functions-page";
import { MapPage } from "./map/map-page";
import { MetricsPage } from "./metrics/metrics-page";
import { OrderPage } from "./orders/order-page";
import { OrdersPage } from "./orders/orders-page";
import { Note, Page } from "./parts";
import { PermissionsPage } from "./permissions/permissions-page";
import { QueuesPage } from "./queues/queues-page";
import { followLinks, useHere } from "./route";
import { RunPage } from "./runs/run-page";
import { RunsPage } from "./runs/runs-page";

const PAGES = [
  { path: "/", name: "Map", shown: (url: URL) => <MapPage url={url} /> },
  { path: "/orders", name: "Orders", shown: (url: URL) => <OrdersPage url={url} /> },
  { path: "/metrics", name: "Metrics", shown: (url: URL) => <MetricsPage url={url} /> },
  { path: "/runs", name: "Runs", shown: () => <RunsPage /> },
  { path: "/queues", name: "Queues", shown: () => <QueuesPage /> },
  { path: "/functions", name: "Functions", shown: () => <FunctionsPage /> },
  { path: "/announcements", name: "Announcements", local: true, shown: () => <AnnouncementsPage /> },
  { path: "/permissions", name: "Permissions", shown: (url: URL) => <PermissionsPage url={url} /> },
  { path: "/faults", name: "Faults", local: true, shown: () => <FaultsPage /> },
  { path: "/reference", name: "API", shown: () => <ApiPage /> },
];

const isAt = (path: string, pathname: string): boolean =>
  path === "/" ? pathname === "/" : pathname === path || pathname.startsWith(`${path}/`);

type NavigationProps = {
  readonly pathname: string;
  readonly connected: boolean;
  readonly about: About | undefined;
};

const Navigation = ({ pathname, connected, about }: NavigationProps) => (
  <nav aria-label="Pages">
    <a class="brand" href="/">
      <img src="/icon.svg" alt="" width="20" height="20" />
      Orders
      {about !== undefined && (
        <span class="environment" title={`${about.region}, account ${about.account}`}>
          {about.environment}
        </span>
      )}
    </a>
    <ul>
      {PAGES.filter(({ local }) => local !== true || about?.local !== false).map(({ path, name }) => (
        <li key={path}>
          <a href={path} aria-current={isAt(path, pathname) ? "page" : undefined}>
            {name}
          </a>
        </li>
      ))}
    </ul>
    <p class={`feed ${connected ? "on" : "off"}`} role="status">
      {connected ? "live" : "not connected"}
    </p>
  </nav>
);

const Shown = ({ url }: { url: URL }) => {
  const { pathname } = url;
  const listed = PAGES.find(({ path }) => path === pathname);
  if (listed !== undefined) return listed.shown(url);
  const [, list, id] = /^\/(orders|runs|functions)\/([\w.-]+)$/.exec(pathname) ?? [];
  if (id !== undefined && list === "orders") return <OrderPage key={id} id={id} />;
  if (id !== undefined && list === "runs") return <RunPage key={id} name={id} />;
  if (id !== undefined && list === "functions") return <FunctionPage key={id} name={id} url={url} />;
  return (
    <Page title="Not found">
      <Note kind="empty">There is no page {pathname}.</Note>
    </Page>
  );
};

const Console = () => {
  const url = useHere();
  const feed = useFeed();
  const { value: about } = useRead<About>("/api/about", feed.connected);
  useEffect(() => {
    document.addEventListener("click", followLinks);
    return () => document.removeEventListener("click", followLinks);
  }, []);
  return (
    <AboutContext.Provider value={about}>
      <FeedContext.Provider value={feed}>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Navigation pathname={url.pathname} connected={feed.connected} about={about} />
        <Shown url={url} />
      </FeedContext.Provider>
    </AboutContext.Provider>
  );
};

const root = document.getElementById("console");
if (root !== null) render(<Console />, root);
