import { defineConfig } from 'vite';

// The `zablab` command as one bundle with all its dependencies, so that it starts fast; beside it `zablab/gateway`, for programs.
export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    outDir: 'dist/cli',
    target: 'node20.19',
    minify: false,
    rolldownOptions: {
      input: { main: 'src/cli/main.ts', gateway: 'src/gateway/library.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
