// @types/seedrandom declares only the whole package, which at load asks for Node's crypto and calls Math.random.
declare module 'seedrandom/lib/alea.js' {
  function alea(seed: string): { int32(): number };
  export = alea;
}
