export { type Access, createAccess } from './access.ts';
export { authenticator, sessionCookies } from './authenticate.ts';
export { openSetupLink, provisionAdministrator, provisionOfficer } from './provision.ts';
export { needsReauthentication, useReauthentication } from './reauthentication.ts';
export { accessRoutes } from './routes.ts';
export { signInStates } from './store.ts';
