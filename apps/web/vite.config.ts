import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

// Packages mark what runs in a browser for frameworks that render on servers; here all of it does.
/** The pages are below an address that the engine knows (`/app`, or `/t/SCHOOL/app`): it puts that into `<base>`, and everything is relative to it. */
export default defineConfig({
  base: './',
  plugins: [tailwindcss()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      // The camera's script and the fonts' style belong to pages that the engine writes itself, so their names do not change.
      input: { index: 'index.html', scan: 'src/verify/scan.ts', fonts: 'src/fonts.css' },
      output: {
        entryFileNames: ({ name }) => (name === 'scan' ? 'scan.js' : 'assets/[name]-[hash].js'),
        assetFileNames: ({ names }) => (names.includes('fonts.css') ? 'fonts.css' : 'assets/[name]-[hash][extname]'),
      },
      onLog: (level, log, tell) => void (log.code === 'MODULE_LEVEL_DIRECTIVE' || tell(level, log)),
    },
  },
});
