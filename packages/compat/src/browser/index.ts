/** The class that old pages know, on top of our client. */
export {};
