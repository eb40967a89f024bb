import type { LocalService } from "../service";
import { keyPolicies } from "./policies";

export { resources } from "./resources";

export const service: LocalService = { policies: keyPolicies };
