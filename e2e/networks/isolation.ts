/** Whether this process is in a network of its own (isolate.sh), whose rules it may change. */
export const isIsolated = process.env['CALLBOX_ISOLATED'] === '1';

/** The name of this machine's address in that network. */
export const machineName = 'calls.example';

/** Another name of that address: where pages are that are not the server's own. */
export const otherName = 'pages.example';

/** This machine's address in that network. */
export const machineAddress = '10.99.0.1';
