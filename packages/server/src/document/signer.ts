import { webcrypto } from 'node:crypto';
import { pdflibAddPlaceholder } from '@signpdf/placeholder-pdf-lib';
import { SignPdf } from '@signpdf/signpdf';
import { Signer, SUBFILTER_ETSI_CADES_DETACHED } from '@signpdf/utils';
import * as asn1js from 'asn1js';
import { PDFDocument } from 'pdf-lib';
import * as pkijs from 'pkijs';

/** The key that signs documents: PKCS #8 and certificate, both DER. */
export interface SigningKey {
  readonly privateKey: Uint8Array<ArrayBuffer>;
  readonly certificate: Uint8Array<ArrayBuffer>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const oid = {
  commonName: '2.5.4.3',
  keyUsage: '2.5.29.15',
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

const engine = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto as unknown as Crypto });

/** digitalSignature and nonRepudiation: the two highest bits of the first octet. */
function keyUsage(): pkijs.Extension {
  const bits = new asn1js.BitString({ valueHex: new Uint8Array([0xc0]).buffer, unusedBits: 6 });
  return new pkijs.Extension({
    extnID: oid.keyUsage,
    critical: true,
    extnValue: bits.toBER(false),
  });
}

/**
 * Makes a key and a self-signed certificate for an installation that has none of its own yet.
 * `notBefore` is business time, so that a demo world in the past verifies in its own time.
 */
export async function createSigningKey(name: string, notBefore: Date): Promise<SigningKey> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + 20);
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1js.Integer({ value: 1 });
  for (const holder of [certificate.issuer, certificate.subject]) {
    const value = new asn1js.Utf8String({ value: name });
    holder.typesAndValues.push(new pkijs.AttributeTypeAndValue({ type: oid.commonName, value }));
  }
  certificate.notBefore.value = new Date(notBefore.getTime() - 24 * 3_600_000);
  certificate.notAfter.value = notAfter;
  certificate.extensions = [keyUsage()];
  const publicKey = keys.publicKey as unknown as CryptoKey;
  await certificate.subjectPublicKeyInfo.importKey(publicKey, engine);
  await certificate.sign(keys.privateKey as unknown as CryptoKey, 'SHA-256', engine);
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    privateKey: new Uint8Array(pkcs8),
    certificate: new Uint8Array(certificate.toSchema(true).toBER(false)),
  };
}

function attribute(type: string, value: unknown): pkijs.Attribute {
  return new pkijs.Attribute({ type, values: [value] });
}

/** ESSCertIDv2 with the default SHA-256: binds the certificate into the signature (PAdES baseline). */
async function signingCertificate(certificate: Uint8Array<ArrayBuffer>): Promise<asn1js.Sequence> {
  const digest = await webcrypto.subtle.digest('SHA-256', certificate);
  const certId = new asn1js.Sequence({ value: [new asn1js.OctetString({ valueHex: digest })] });
  return new asn1js.Sequence({ value: [new asn1js.Sequence({ value: [certId] })] });
}

/** A detached CMS signature as the PAdES baseline wants it: no signing time, certificate bound in. */
class CadesSigner extends Signer {
  readonly #key: CryptoKey;
  readonly #certificate: Uint8Array<ArrayBuffer>;

  constructor(key: CryptoKey, certificate: Uint8Array<ArrayBuffer>) {
    super();
    this.#key = key;
    this.#certificate = certificate;
  }

  override async sign(pdf: Buffer): Promise<Buffer> {
    const certificate = pkijs.Certificate.fromBER(this.#certificate);
    const digest = await webcrypto.subtle.digest('SHA-256', pdf);
    const signed = new pkijs.SignedData({
      version: 1,
      encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: oid.data }),
      certificates: [certificate],
      signerInfos: [
        new pkijs.SignerInfo({
          version: 1,
          sid: new pkijs.IssuerAndSerialNumber({
            issuer: certificate.issuer,
            serialNumber: certificate.serialNumber,
          }),
          signedAttrs: new pkijs.SignedAndUnsignedAttributes({
            type: 0,
            attributes: [
              attribute(oid.contentType, new asn1js.ObjectIdentifier({ value: oid.data })),
              attribute(oid.messageDigest, new asn1js.OctetString({ valueHex: digest })),
              attribute(oid.signingCertificateV2, await signingCertificate(this.#certificate)),
            ],
          }),
        }),
      ],
    });
    await signed.sign(this.#key, 0, 'SHA-256', undefined, engine);
    const content = new pkijs.ContentInfo({
      contentType: oid.signedData,
      content: signed.toSchema(true),
    });
    return Buffer.from(content.toSchema().toBER(false));
  }
}

/** Signs PDF documents; any later change of a byte makes the signature invalid. */
export interface DocumentSigner {
  sign(pdf: Uint8Array, info: { readonly reason: string; readonly at: Date }): Promise<Buffer>;
}

/** Opens the signing key once. */
export async function createSigner(key: SigningKey, name: string): Promise<DocumentSigner> {
  const privateKey = (await webcrypto.subtle.importKey('pkcs8', key.privateKey, algorithm, false, [
    'sign',
  ])) as unknown as CryptoKey;
  const signer = new CadesSigner(privateKey, key.certificate);
  return {
    async sign(pdf, { reason, at }) {
      const document = await PDFDocument.load(pdf, { updateMetadata: false });
      pdflibAddPlaceholder({
        pdfDoc: document,
        reason,
        contactInfo: '',
        name,
        location: '',
        signingTime: at,
        signatureLength: 4096,
        subFilter: SUBFILTER_ETSI_CADES_DETACHED,
      });
      const prepared = await document.save({ useObjectStreams: false });
      return new SignPdf().sign(prepared, signer);
    },
  };
}
