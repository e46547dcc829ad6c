import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The workbench. Its addresses are relative, so that the built folder works under any static path.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: { outDir: 'dist/web', target: 'es2023' },
  worker: { format: 'es' },
});
