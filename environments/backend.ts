/** Where an environment's state is, as Terraform's configuration. */
import type { Environment } from "./environment";

/** What tells where a state is. */
export type StatePlace = Pick<Environment, "name" | "backend" | "endpoint">;

type Block = Readonly<Record<string, unknown>>;

/** Checks that Terraform must skip on an S3 API other than AWS's. */
const standIn = (endpoint: string | undefined): Block =>
  endpoint === undefined
    ? {}
    : {
        endpoints: { s3: endpoint },
        use_path_style: true,
        skip_credentials_validation: true,
        skip_metadata_api_check: true,
        skip_region_validation: true,
        skip_requesting_account_id: true,
      };

/** The block `cloud` or `backend` of the environment's stack. */
export const backendOf = ({ name, backend, endpoint }: StatePlace): Block => {
  switch (backend.type) {
    case "cloud": {
      const { organization, workspace, project, hostname } = backend;
      return {
        cloud: {
          organization,
          workspaces: { name: workspace, ...(project === undefined ? {} : { project }) },
          ...(hostname === undefined ? {} : { hostname }),
        },
      };
    }
    case "s3": {
      const { bucket, key, region } = backend;
      // Locks in the bucket itself.
      return {
        backend: {
          s3: { bucket, key, region, encrypt: true, use_lockfile: true, ...standIn(endpoint) },
        },
      };
    }
    case "local":
      // Beside the output folder, which is recreated: the state must outlive it.
      return { backend: { local: { path: `../../../${name}.tfstate` } } };
  }
};

/** A place of its own beside an environment's state, for whoever can reach that. */
export const placeBeside = ({ name, backend, ...rest }: StatePlace, what: string): StatePlace => {
  const beside = { ...rest, name: `${name}-${what}` };
  switch (backend.type) {
    case "cloud":
      return { ...beside, backend: { ...backend, workspace: `${backend.workspace}-${what}` } };
    case "s3":
      return { ...beside, backend: { ...backend, key: backend.key.replace(/(\.[^./]+)?$/, `-${what}$1`) } };
    case "local":
      return { ...beside, backend };
  }
};
