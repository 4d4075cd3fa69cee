import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/* TEST SUPPORT: what a PDF says. */

/** What a reader of PDF makes of a file. */
export interface ReadPdf {
  readonly pages: readonly string[];
  /** Title, Author and so on, as the file states them. */
  readonly info: Readonly<Record<string, unknown>>;
  /** BCP 47. */
  readonly language: unknown;
  /** Whether anything in it would run: scripts of the document or of a page, or something that is done when it is opened. */
  readonly runs: boolean;
  /** Where its links lead to. */
  readonly links: readonly string[];
}

/** Reads a PDF; the text of a page is in the order in which it is drawn. */
export const readPdf = async (pdf: Uint8Array): Promise<ReadPdf> => {
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const pages: string[] = [];
  const links: string[] = [];
  const actions: unknown[] = [await document.getJSActions(), await document.getOpenAction(), await document.getAttachments()];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(''));
    actions.push(await page.getJSActions());
    for (const { url } of (await page.getAnnotations()) as readonly { readonly url?: string }[]) if (url !== undefined) links.push(url);
  }
  const { info } = await document.getMetadata();
  await document.destroy();
  const { Language: language, ...stated } = info as Record<string, unknown>;
  return { pages, links, language, info: stated, runs: actions.some((action) => action !== null && action !== undefined) };
};

/** The text of a PDF's pages. */
export const pdfText = async (pdf: Uint8Array): Promise<string> => (await readPdf(pdf)).pages.join('\n');
