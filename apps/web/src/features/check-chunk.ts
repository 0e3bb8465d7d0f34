/** What is loaded by who opens the page that checks the connection, and by nobody else. */
export { CheckScreen } from './check/check-screen.tsx';
