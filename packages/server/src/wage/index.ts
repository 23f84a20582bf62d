export { loadWages, type StoredWage, takeOverWages } from './store.ts';
