export {
  type Cause,
  type CauseKind,
  holdWages,
  liveDeclarations,
  lockUnit,
  type NewCause,
  openCauses,
  recordCause,
  recordCausesOf,
  releaseWages,
  settle,
  unsettle,
} from './store.ts';
