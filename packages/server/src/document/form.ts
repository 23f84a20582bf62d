/** A printed form: head, one table, sums, notes; the same shape for certificates, notices, vouchers and receipts. */
export interface FormDocument {
  /** e.g. 社会保险费缴费证明（单位） */
  readonly title: string;
  /** Label and value pairs, two to a line. */
  readonly head: readonly (readonly [string, string])[];
  readonly columns: readonly FormColumn[];
  readonly rows: readonly (readonly string[])[];
  /** The closing line of the table on the last page; as many cells as columns, or none. */
  readonly sums: readonly string[];
  /** Lines below the table on the last page, e.g. the amount in words. */
  readonly totals: readonly string[];
  readonly notes: readonly string[];
  /** Who issues: stands where the seal is put. */
  readonly issuer: string;
  /** YYYY-MM-DD */
  readonly issuedOn: string;
  /** What the QR code leads to, and the printed code; none on documents that are not verified. */
  readonly verification?: { readonly url: string; readonly code: string };
  /** A sample seal (demo world only); real seals are the authority's to install. */
  readonly sampleSeal: boolean;
}

export interface FormColumn {
  readonly title: string;
  readonly align: 'left' | 'right' | 'center';
  /** Share of the width. */
  readonly weight: number;
}

/** One page of a form: its rows, and whether sums and totals stand on it. */
export interface FormPage {
  readonly rows: readonly (readonly string[])[];
  readonly last: boolean;
}

/** Rows that fit on a page beside head and foot at the size of the template. */
const rowsPerPage = 22;

/** Cuts the rows into pages; at least one page. */
export function pagesOf(form: FormDocument): FormPage[] {
  const count = Math.max(1, Math.ceil(form.rows.length / rowsPerPage));
  return Array.from({ length: count }, (_, index) => ({
    rows: form.rows.slice(index * rowsPerPage, (index + 1) * rowsPerPage),
    last: index === count - 1,
  }));
}

/** The text of each page in reading order, for screen readers and tests. */
export function pageTexts(form: FormDocument): string[] {
  const pages = pagesOf(form);
  return pages.map((page, index) => {
    const lines = [
      form.title,
      ...form.head.map(([label, value]) => `${label}：${value}`),
      form.columns.map((column) => column.title).join(' '),
      ...page.rows.map((row) => row.join(' ')),
    ];
    if (page.last) {
      if (form.sums.length > 0) lines.push(form.sums.filter((cell) => cell !== '').join(' '));
      lines.push(...form.totals);
    }
    if (form.verification) lines.push(`验证码：${form.verification.code}`);
    lines.push(...form.notes, `${form.issuer} ${form.issuedOn}`);
    lines.push(`第 ${index + 1} 页 共 ${pages.length} 页`);
    return lines.join('\n');
  });
}

/** Every text of a form, for the check that a font has each character. */
export function textsOf(form: FormDocument): string[] {
  return [
    form.title,
    ...form.head.flat(),
    ...form.columns.map((column) => column.title),
    ...form.rows.flat(),
    ...form.sums,
    ...form.totals,
    ...form.notes,
    form.issuer,
  ];
}
