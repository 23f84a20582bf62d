export {
  type Cause,
  holdWages,
  liveDeclarations,
  lockUnit,
  openCauses,
  recordCause,
  recordCausesOf,
  releaseWages,
  settle,
  unsettle,
} from './store.ts';
