/** The old world, on the server: its wire, and its configuration files. */
export { OLD_PATH } from './wire/old-path.ts';
