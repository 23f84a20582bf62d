export { buildDemoWorld } from './build.ts';
