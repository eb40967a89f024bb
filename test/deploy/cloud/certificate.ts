import { generate } from "selfsigned";

export type Certificate = { readonly cert: string; readonly key: string };

/** A certificate for localhost that vouches for itself: `SSL_CERT_FILE` for terraform. */
export const makeCertificate = async (): Promise<Certificate> => {
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { cert, key };
};
