import { defaultClientConditions, defineConfig } from 'vite';

// The class as a plain script of one file, for pages that loaded the old one so. tsc makes everything else.
export default defineConfig({
  resolve: { conditions: ['callbox-source', ...defaultClientConditions] },
  build: {
    target: 'es2022',
    emptyOutDir: false,
    outDir: 'dist',
    lib: {
      entry: 'src/browser/global.ts',
      formats: ['iife'],
      name: 'simplewebrtc',
      fileName: () => 'simplewebrtc.js',
    },
    license: { fileName: 'simplewebrtc-licenses.md' },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
