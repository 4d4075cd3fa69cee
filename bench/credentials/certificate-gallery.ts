// Every certificate template in both languages and in all its cases, to be looked at: "npm run certificate-gallery -- DIR".
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { LANGUAGES, TEMPLATES } from '#credentials/certificate/certificate.js';
import { renderCertificate } from '#credentials/certificate/render-certificate.js';
import { samples } from './certificate-samples.js';

const command = new Command('npm run certificate-gallery --')
  .description('Renders every certificate template, language and case into a directory, as PNG and PDF.')
  .argument('<directory>', 'where the files go; it is made where there is none')
  .option('--only <text>', 'only those whose name has this in it, like modern-ko', '')
  .parse();
const [directory] = command.args as [string];
const { only } = command.opts<{ readonly only: string }>();

await mkdir(directory, { recursive: true });
for (const template of TEMPLATES) {
  for (const language of LANGUAGES) {
    for (const [name, certificate] of Object.entries(samples(language))) {
      const file = `${template}-${language}-${name}`;
      if (!file.includes(only)) continue;
      for (const format of ['png', 'pdf'] as const) {
        await writeFile(join(directory, `${file}.${format}`), await renderCertificate({ ...certificate, template }, format));
      }
    }
  }
}
console.log(directory);
