import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/* TEST SUPPORT: what a PDF says. */

/** The text of a PDF's pages, in the order in which it is drawn. */
export const pdfText = async (pdf: Uint8Array): Promise<string> => {
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const pages: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(''));
  }
  await document.destroy();
  return pages.join('\n');
};
