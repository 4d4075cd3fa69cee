import type { Certificate } from '#credentials/certificate/certificate.js';

/** What a rendering thread is asked. */
export interface ToRender {
  readonly call: number;
  readonly certificate: Certificate;
}

/** The files of a certificate. */
export interface CertificateFiles {
  readonly pdf: Uint8Array;
  readonly png: Uint8Array;
}

/** What it answers. */
export type FromRender = { readonly call: number } & (({ readonly ok: true } & CertificateFiles) | { readonly ok: false; readonly message: string });
