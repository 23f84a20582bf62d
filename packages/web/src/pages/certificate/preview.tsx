import { useEffect, useRef, useState } from 'react';
import { certificate as t } from '../../messages/certificate.ts';
import { common } from '../../messages/common.ts';
import { Button, Dialog, notify, openDialog, Refusal } from '../../shared/index.ts';
import { readFile, startDownload } from '../files.ts';
import { drawPage, type OpenPdf, openPdf, pageText, printPdf, screenSize } from './pdf.ts';
import './preview.css';

export interface PreviewOf {
  /** The PDF's address; what is shown, printed and saved are the same bytes, read once. */
  readonly url: string;
  readonly fileName: string;
  /** The words of each page; absent: taken from the PDF. */
  readonly texts?: readonly string[];
  /** Called at each press of 「打印机」. */
  readonly onPrint?: () => void;
}

/** 打印预览 of a PDF of the service, in this window; resolves when it is closed. */
export async function previewFile(of: PreviewOf): Promise<void> {
  await openDialog<void>((close) => <Preview of={of} close={() => close()} />);
}

function Preview({ of, close }: { readonly of: PreviewOf; readonly close: () => void }) {
  const { opened, failure } = useOpenPdf(of.url);
  const [preparing, setPreparing] = useState(false);
  const print = () => {
    if (!opened) return;
    of.onPrint?.();
    setPreparing(true);
    printPdf(opened, of.fileName.replace(/\.pdf$/, ''))
      .catch(notify.refusal)
      .finally(() => setPreparing(false));
  };
  const save = () => {
    if (!opened) return;
    const address = URL.createObjectURL(opened.file);
    startDownload(address, of.fileName);
    URL.revokeObjectURL(address);
  };
  const pages = Array.from({ length: opened?.pdf.numPages ?? 0 }, (_, index) => index + 1);
  return (
    <Dialog title={t.preview} size="wide" onClose={close}>
      <div className="preview-bar">
        <Button
          kind="primary"
          icon="printer"
          disabled={Boolean(failure)}
          busy={preparing || (!opened && !failure)}
          onClick={print}
          data-autofocus
        >
          {t.printer}
        </Button>
        <Button icon="download" disabled={!opened} onClick={save}>
          {t.download}
        </Button>
        <Button onClick={close}>{common.close}</Button>
      </div>
      {failure ? <Refusal error={failure} /> : null}
      {opened || failure ? null : <output>{t.opening}</output>}
      <div className="preview-pages" aria-busy={!opened && !failure}>
        {opened
          ? pages.map((number) => (
              <PdfPage key={number} opened={opened} number={number} text={of.texts?.[number - 1]} />
            ))
          : null}
      </div>
    </Dialog>
  );
}

function useOpenPdf(url: string): { opened: OpenPdf | null; failure: unknown } {
  const [opened, setOpened] = useState<OpenPdf | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    let left = false;
    let close = () => {
      left = true;
    };
    readFile(url)
      .then(openPdf)
      .then((pdf) => {
        if (left) {
          pdf.close();
          return;
        }
        close = pdf.close;
        setOpened(pdf);
      })
      .catch((error: unknown) => {
        if (!left) setFailure(error);
      });
    return () => close();
  }, [url]);
  return { opened, failure };
}

interface PdfPageProps {
  readonly opened: OpenPdf;
  readonly number: number;
  readonly text: string | undefined;
}

/** One page, drawn when it comes into sight; its words are there from the start. */
function PdfPage({ opened, number, text }: PdfPageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [words, setWords] = useState(text ?? '');
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const target = canvas.current;
    if (!target) return;
    const page = opened.pdf.getPage(number);
    const fail = () => setFailed(true);
    if (text === undefined) page.then(pageText).then(setWords).catch(fail);
    page
      .then((one) => {
        const { width, height } = screenSize(one);
        target.style.aspectRatio = `${width} / ${height}`;
        target.style.width = `${width}px`;
      })
      .catch(fail);
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        page.then((one) => drawPage(one, target)).catch(fail);
      },
      { rootMargin: '600px' },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [opened, number, text]);
  return (
    <section className="preview-page" aria-label={t.page(number)}>
      <canvas ref={canvas} aria-hidden="true" />
      <p className={failed ? undefined : 'visually-hidden'}>{words}</p>
      {failed ? <p role="alert">{t.notDrawn}</p> : null}
    </section>
  );
}
