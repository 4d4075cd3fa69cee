/** The designs of certificates that an issuer can choose from. */
export const CERTIFICATE_TEMPLATES = ['classic', 'corporate', 'modern'] as const;
export type CertificateTemplate = (typeof CERTIFICATE_TEMPLATES)[number];
