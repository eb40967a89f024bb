import type { AwsService } from "../../../local/engine/service";
import { type Read, type ServiceRequest, unknown } from "../../../local/engine/wire/access";
import { apis } from "../../../local/services/services";

export const serviceNamed = (name: string): AwsService => {
  const found = apis.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return found;
};

export const readRequest = (name: string, request: ServiceRequest): Read =>
  apis.find((one) => one.name === name)?.read(request) ?? unknown(`of ${name}`);
