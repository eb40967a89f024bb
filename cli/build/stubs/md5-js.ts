/** For MD5 in JavaScript, for a Node in FIPS mode: Lambda's is not. */
export const Md5Js = undefined;
