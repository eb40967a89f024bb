/** The environment of a pull request, made from another's file: separate in everything, and cheap. */
import type { Environment } from "./environment";
import { PREVIEW, previewName } from "./rules";

const HOURLY = "rate(1 hour)";

/** The shortest periods there are. */
const RETENTION: Environment["retention"] = {
  logs_days: 1,
  orders_days: 1,
  archive_days: 1,
  archive_locked: false,
  table_recovery: false,
};

/** An order of a preview is never a bid: where the template's auction platform is a real one, too. */
const auctionOf = (name: string, { auction, functions }: Environment): Environment["auction"] => {
  if (auction.type === "simulator") return { ...auction, seed: name };
  const min = functions["auction-simulator"].timeout_seconds;
  return {
    type: "simulator",
    seed: name,
    acceptance: 0.7,
    refusal: 0.05,
    result_delay_seconds: { min, max: min + 60 },
  };
};

/** `orders-dev` becomes `orders-pv123`; what does not hold the template's name gets the preview's behind it. */
const renamed = (text: string, from: string, to: string): string => {
  const word = new RegExp(`\\b${from}\\b`);
  return word.test(text) ? text.replace(word, to) : text.replace(/(\.[^./]+)?$/, `-${to}$1`);
};

const backendFor = (name: string, { name: from, backend }: Environment): Environment["backend"] => {
  switch (backend.type) {
    case "cloud":
      // A project of their own: what HCP Terraform is told of their roles is told to every workspace in it.
      return {
        ...backend,
        project: `${backend.project ?? "Default Project"}-previews`,
        workspace: renamed(backend.workspace, from, name),
      };
    case "s3":
      return { ...backend, key: renamed(backend.key, from, name) };
    case "local":
      return backend;
  }
};

const withoutConcurrency = (functions: Environment["functions"]): Environment["functions"] => {
  const plain = ({ memory_mb, timeout_seconds }: Environment["functions"]["place-orders"]) => ({
    memory_mb,
    timeout_seconds,
  });
  return {
    "place-orders": plain(functions["place-orders"]),
    "cancel-orders": plain(functions["cancel-orders"]),
    "query-orders": plain(functions["query-orders"]),
    "submit-orders": plain(functions["submit-orders"]),
    "sweep-orders": plain(functions["sweep-orders"]),
    "fetch-results": plain(functions["fetch-results"]),
    "archive-results": plain(functions["archive-results"]),
    "notify-slack": plain(functions["notify-slack"]),
    "publish-changes": plain(functions["publish-changes"]),
    "auction-simulator": plain(functions["auction-simulator"]),
  };
};

export type PullRequest = { readonly number: number; readonly created: Date };

/**
 * It shares nothing with the template but the account and the SSM parameters, which are read only: nobody can be
 * asked to create a secret for each pull request, and what a pull request may do with dev's it can do in dev.
 */
const madeOf = (template: Environment, name: string, { number, created }: PullRequest): Environment => {
  const { permissions_boundary: boundary, endpoint, stand_in: standIn } = template;
  const slowly = (schedule: Environment["schedules"]["results"]) => ({ ...schedule, expression: HOURLY });
  // Named one by one: what a file may say besides is for environments that last.
  return {
    name,
    account_id: template.account_id,
    region: template.region,
    ...(standIn === undefined ? {} : { stand_in: standIn }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(boundary === undefined ? {} : { permissions_boundary: renamed(boundary, template.name, "preview") }),
    preview: { pull_request: number, created: created.toISOString() },
    backend: backendFor(name, template),
    api: template.api,
    auction: auctionOf(name, template),
    slack_webhook_parameter: template.slack_webhook_parameter,
    schedules: { results: slowly(template.schedules.results), sweep: slowly(template.schedules.sweep) },
    results: template.results,
    orders: template.orders,
    retention: RETENTION,
    deletion_protection: false,
    alarms: { ...template.alarms, recipients: [], results_silence_minutes: 180 },
    functions: withoutConcurrency(template.functions),
    submissions_at_once: template.submissions_at_once,
    tags: { ...template.tags, environment: name },
  };
};

export const previewOf = (template: Environment, pullRequest: PullRequest): Environment =>
  madeOf(template, previewName(pullRequest.number), pullRequest);

/** All previews of a template as one, by the pattern of their names: what their roles are made for. */
export const everyPreviewOf = (template: Environment): Environment =>
  madeOf(template, `${PREVIEW}*`, { number: 1, created: new Date(0) });
