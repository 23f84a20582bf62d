import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';

const workerUrl = new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url);
/** CSS pixels per PDF point at 100 %. */
const screenScale = 96 / 72;
/** Dots per PDF point where drawn pages are printed: 200 dpi. */
const printScale = 200 / 72;

export interface OpenPdf {
  readonly file: Blob;
  readonly pdf: PDFDocumentProxy;
  readonly close: () => void;
}

/** Opens a PDF for drawing; the program that reads it is loaded only now, from this very site. */
export async function openPdf(file: Blob): Promise<OpenPdf> {
  const [pdfjs, data] = await Promise.all([import('pdfjs-dist'), file.arrayBuffer()]);
  pdfjs.GlobalWorkerOptions.workerSrc = workerUrl.href;
  const task = pdfjs.getDocument({ data: new Uint8Array(data) });
  return { file, pdf: await task.promise, close: () => void task.destroy() };
}

/** Size of a page on screen in CSS pixels. */
export function screenSize(page: PDFPageProxy): { width: number; height: number } {
  const { width, height } = page.getViewport({ scale: screenScale });
  return { width, height };
}

/** Draws a page as sharply as the screen can show it. */
export async function drawPage(page: PDFPageProxy, canvas: HTMLCanvasElement): Promise<void> {
  await draw(page, canvas, screenScale * Math.max(1, window.devicePixelRatio));
}

async function draw(page: PDFPageProxy, canvas: HTMLCanvasElement, scale: number): Promise<void> {
  const viewport = page.getViewport({ scale });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  await page.render({ canvas, viewport }).promise;
}

/** The words of a page, line by line, for people who don't see it. */
export async function pageText(page: PDFPageProxy): Promise<string> {
  const { items } = await page.getTextContent();
  return items
    .map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
    .join('')
    .trim();
}

/**
 * Calls the browser's print on the PDF in a hidden frame. A browser without a PDF viewer of its own
 * would download the file instead, and one that shows it in another process refuses the call:
 * there the drawn pages of the same PDF are printed.
 */
export async function printPdf({ file, pdf }: OpenPdf): Promise<void> {
  document.querySelector('iframe.print-frame')?.remove();
  const frame = document.createElement('iframe');
  frame.className = 'print-frame';
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  if (navigator.pdfViewerEnabled) {
    const loaded = new Promise((resolve) =>
      frame.addEventListener('load', resolve, { once: true }),
    );
    frame.src = URL.createObjectURL(file);
    document.body.append(frame);
    await loaded;
    if (tryPrint(frame)) return;
    frame.removeAttribute('src');
  } else document.body.append(frame);
  await drawInto(frame, pdf);
  tryPrint(frame);
}

function tryPrint(frame: HTMLIFrameElement): boolean {
  try {
    frame.contentWindow?.focus();
    frame.contentWindow?.print();
    return true;
  } catch {
    return false;
  }
}

async function drawInto(frame: HTMLIFrameElement, pdf: PDFDocumentProxy): Promise<void> {
  const target = frame.contentDocument;
  const view = frame.contentWindow;
  if (!target || !view) return;
  target.body.replaceChildren();
  target.body.style.margin = '0';
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const canvas = target.createElement('canvas');
    canvas.style.cssText = 'display:block;width:100%;break-after:page';
    target.body.append(canvas);
    await draw(await pdf.getPage(number), canvas, printScale);
  }
}
