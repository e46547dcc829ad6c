import { defineConfig } from 'vite';

// The `zablab` command as one bundle with all its dependencies, so that it starts fast; beside it `zablab/gateway`, for programs.
export default defineConfig({
  publicDir: false,
  // tinypool starts its own file in each worker thread, so it stays a package.
  ssr: { noExternal: true, external: ['tinypool'], target: 'node' },
  build: {
    ssr: true,
    outDir: 'dist/cli',
    target: 'node20.19',
    minify: false,
    rolldownOptions: {
      input: { main: 'src/cli/main.ts', gateway: 'src/gateway/library.ts', 'hunt-worker': 'src/fleet/hunt-worker.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
