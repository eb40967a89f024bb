/** For the question to an EC2 instance about its region: Lambda sets AWS_REGION. */
export const getInstanceMetadataRegion = () => Promise.resolve(undefined);
