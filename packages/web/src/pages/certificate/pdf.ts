import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';

const workerUrl = new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url);
/** CSS pixels per PDF point at 100 %. */
const screenScale = 96 / 72;
/** Dots per PDF point on paper: 300 dpi. */
const printScale = 300 / 72;

export interface OpenPdf {
  /** The bytes as they came from the service. */
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
 * Calls the browser's print on the PDF, page for page in a hidden frame. The pages are drawn here:
 * browsers differ in whether they let a page print a PDF that their own viewer shows.
 */
export async function printPdf({ pdf }: OpenPdf, title: string): Promise<void> {
  document.querySelector('iframe.print-frame')?.remove();
  const frame = document.createElement('iframe');
  frame.className = 'print-frame';
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  document.body.append(frame);
  const [target, view] = [frame.contentDocument, frame.contentWindow];
  if (!target || !view) return;
  target.title = title;
  target.adoptedStyleSheets = [paperStyle(view as Window & typeof globalThis)];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const picture = target.createElement('img');
    picture.alt = '';
    picture.src = await pictureOf(await pdf.getPage(number));
    target.body.append(picture);
    await picture.decode();
  }
  view.focus();
  view.print();
}

function paperStyle(view: typeof globalThis): CSSStyleSheet {
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(
    '@page{margin:0}body{margin:0}img{display:block;width:100%;break-inside:avoid;break-after:page}' +
      'img:last-child{break-after:auto}',
  );
  return sheet;
}

/** A page as a picture; pictures are small where canvases of a long document would fill the memory. */
async function pictureOf(page: PDFPageProxy): Promise<string> {
  const canvas = document.createElement('canvas');
  await draw(page, canvas, printScale);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  canvas.width = 0;
  if (!blob) throw new Error('the page could not be drawn');
  return URL.createObjectURL(blob);
}
