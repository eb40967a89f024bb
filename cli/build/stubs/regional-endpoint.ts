/** What the rule sets come to for regional endpoints: as AWS_ENDPOINT_URL* says, else the service's own in the region. */
export type EndpointParameters = {
  readonly Region?: string;
  readonly Endpoint?: string;
  readonly UseFIPS?: boolean;
  readonly UseDualStack?: boolean;
};

export const regionalUrl = (service: string, parameters: EndpointParameters): URL => {
  const { Region: region, Endpoint: endpoint, UseFIPS: fips, UseDualStack: dualStack } = parameters;
  if (fips === true || dualStack === true)
    throw new Error(
      `${service}: AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT are not bundled: set AWS_ENDPOINT_URL, or take endpoint-${service}.ts out of cli/build/stubs.mts`,
    );
  if (endpoint !== undefined) return new URL(endpoint);
  if (region === undefined) throw new Error(`${service}: AWS_REGION is not set`);
  return new URL(`https://${service}.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}/`);
};

export const regionalEndpoint = (service: string) => (parameters: EndpointParameters) => ({
  url: regionalUrl(service, parameters),
  properties: {},
  headers: {},
});
