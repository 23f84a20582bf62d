import { certificateFile, countPrint, issueCertificate } from '@shebao/contract';
import { certificate as t } from '../../messages/certificate.ts';
import { Button, fileUrl, notify, refusalDialog, send, useAction } from '../../shared/index.ts';
import { previewFile } from './preview.tsx';
import type { Asked } from './query-form.tsx';

/** The most rows at a time: a person's row is several lines, and 2,000 people are some 360 pages. */
const rowLimits = { unit: 20_000, person: 2000 } as const;

export interface PrintButtonProps {
  readonly kind: 'unit' | 'person';
  readonly asked: Asked | null;
  /** Keys of the ticked rows, in the order of the table. */
  readonly rows: readonly string[];
}

/** 「打印」: issues the certificate of the ticked rows and shows its PDF in 打印预览. */
export function PrintButton({ kind, asked, rows }: PrintButtonProps) {
  const { run, running } = useAction(issueCertificate);
  const print = async () => {
    if (!asked) return;
    if (rows.length > rowLimits[kind]) {
      notify.refusal(t.tooMany(rowLimits[kind]));
      return;
    }
    const { from, to } = asked;
    try {
      const issued = await run({ body: (id) => ({ id, kind, from, to, rows: [...rows] }) });
      const params = { id: issued.id };
      await previewFile({
        url: fileUrl(certificateFile, { params }),
        fileName: t.fileName(issued.certificateNo),
        texts: issued.pageTexts,
        onPrint: () => void send(countPrint, { params, body: {} }).catch(notify.refusal),
      });
    } catch (error) {
      await refusalDialog(error);
    }
  };
  return (
    <Button
      kind="primary"
      icon="printer"
      disabled={rows.length === 0}
      busy={running}
      onClick={() => void print()}
    >
      {t.print}
    </Button>
  );
}
