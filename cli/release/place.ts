/** Where an environment's resources are, and where what Terraform knows of them is kept. */
import * as t from "io-ts";
import type { StackJson } from "./synthesized";

const Provider = t.type({
  aws: t.readonlyArray(t.partial({ region: t.string, allowed_account_ids: t.readonlyArray(t.string) })),
});
/** A workspace keeps its state when it changes its project. */
const Cloud = t.intersection([
  t.type({ organization: t.string, workspaces: t.type({ name: t.string }) }),
  t.partial({ hostname: t.string }),
]);
const LocalBackend = t.type({ backend: t.type({ local: t.unknown }) });

/** As the environment file calls them. */
export type Place = Readonly<Record<"account_id" | "region" | "backend", string>>;

const stateOf = ({ cloud, backend }: Readonly<Record<string, unknown>>): string =>
  Cloud.is(cloud)
    ? ["cloud", cloud.hostname, cloud.organization, cloud.workspaces.name].filter(Boolean).join(" ")
    : JSON.stringify(cloud ?? backend);

export const placeOf = ({ provider, terraform }: StackJson): Place => {
  const [aws] = Provider.is(provider) ? provider.aws : [];
  return {
    account_id: aws?.allowed_account_ids?.join(", ") ?? "any",
    region: aws?.region ?? "any",
    backend: stateOf(terraform),
  };
};

/** The environment on a developer's machine. */
export const isOfOneMachine = ({ terraform }: StackJson): boolean => LocalBackend.is(terraform);
